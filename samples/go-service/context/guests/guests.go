// Package guests keeps the names of those who came.
package guests

import "sort"

// Book is a list of names without repetition.
type Book struct{ names map[string]bool }

// New returns a book with the given names in it.
func New(names ...string) *Book {
	book := &Book{names: map[string]bool{}}
	for _, name := range names {
		book.names[name] = true
	}
	return book
}

// Names returns the names, sorted.
func (b *Book) Names() []string {
	var names []string
	for name := range b.names {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
