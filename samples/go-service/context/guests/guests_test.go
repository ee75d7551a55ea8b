package guests

import "testing"

func TestNamesAreSorted(t *testing.T) {
	names := New("b", "a", "b").Names()
	if len(names) != 2 || names[0] != "a" {
		t.Fatalf("got %v", names)
	}
}
