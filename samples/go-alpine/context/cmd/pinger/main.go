// Command pinger asks a URL again and again and logs the status.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"
)

func main() {
	every := flag.Duration("every", time.Minute, "time between two requests")
	url := flag.String("url", "https://example.com/", "what to ask for")
	flag.Parse()
	for ; ; time.Sleep(*every) {
		response, err := http.Get(*url)
		if err != nil {
			log.Print(err)
			continue
		}
		response.Body.Close()
		log.Print(response.Status)
	}
}
