// Command counter counts its visitors in a SQLite file, through cgo.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

func main() {
	if err := openStore(os.Getenv("COUNTER_DB")); err != nil {
		log.Fatal(err)
	}
	var lock sync.Mutex
	http.HandleFunc("/hit", func(w http.ResponseWriter, r *http.Request) {
		lock.Lock()
		defer lock.Unlock()
		fmt.Fprintln(w, hit())
	})
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		os.Exit(0)
	}()
	log.Fatal(http.ListenAndServe(":8082", nil))
}
