// Command clock tells the offset of the zone that CLOCK_ZONE names.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata"
)

var version = "unset"

func main() {
	zone, err := time.LoadLocation(os.Getenv("CLOCK_ZONE"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/zone", func(w http.ResponseWriter, r *http.Request) {
		name, offset := time.Date(2026, time.January, 1, 12, 0, 0, 0, zone).Zone()
		fmt.Fprintf(w, "%s %s %d\n", zone, name, offset)
	})
	http.HandleFunc("/version", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, version) })
	server := &http.Server{Addr: ":8081"}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	go func() {
		<-stop.Done()
		server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
