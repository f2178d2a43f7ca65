// A yamux peer on Debian's hashicorp/yamux, with the options of yamux-echo. That version of the library cannot read a
// stream that it has closed for writing, nor reset one, so that it neither half-closes its own streams nor resets them.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"net"
	"os"
	"sync"

	"github.com/hashicorp/yamux"
)

// Hands everything on in pieces of 1 to 700 bytes.
type cutter struct{ net.Conn }

func (c cutter) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		n := 1 + rand.Intn(700)
		if n > len(b)-done {
			n = len(b) - done
		}
		wrote, err := c.Conn.Write(b[done : done+n])
		done += wrote
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

func check(err error, doing string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", doing, err)
		os.Exit(1)
	}
}

func echo(stream *yamux.Stream, late bool) {
	defer stream.Close()
	if !late {
		io.Copy(stream, stream)
		return
	}
	all, err := io.ReadAll(stream)
	if err == nil {
		stream.Write(all)
	}
}

func own(stream *yamux.Stream, size int, number int) error {
	sent := make([]byte, size)
	rand.New(rand.NewSource(int64(number))).Read(sent)
	failed := make(chan error, 1)
	go func() {
		_, err := stream.Write(sent)
		failed <- err
	}()
	got := make([]byte, size)
	if _, err := io.ReadFull(stream, got); err != nil {
		return err
	}
	if err := <-failed; err != nil {
		return err
	}
	if !bytes.Equal(sent, got) {
		return fmt.Errorf("the echo is not what was sent")
	}
	if err := stream.Close(); err != nil {
		return err
	}
	return nil
}

func main() {
	listen := flag.String("listen", "", "ADDR:PORT")
	connect := flag.String("connect", "", "ADDR:PORT")
	role := flag.String("role", "server", "server or client")
	open := flag.Int("open", 0, "streams to open")
	size := flag.Int("bytes", 0, "of each stream")
	scenario := flag.String("scenario", "echo", "echo or go-away")
	cut := flag.Bool("cut", false, "write pieces of 1 to 700 bytes")
	late := flag.Bool("late", false, "echo only at the end")
	flag.Parse()

	var conn net.Conn
	if *listen != "" {
		listener, err := net.Listen("tcp", *listen)
		check(err, "listen")
		fmt.Println(listener.Addr().(*net.TCPAddr).Port)
		conn, err = listener.Accept()
		check(err, "accept")
	} else {
		var err error
		conn, err = net.Dial("tcp", *connect)
		check(err, "connect")
	}
	if *cut {
		conn = cutter{conn}
	}
	make := yamux.Server
	if *role == "client" {
		make = yamux.Client
	}
	session, err := make(conn, yamux.DefaultConfig())
	check(err, "session")

	go func() {
		for {
			stream, err := session.AcceptStream()
			if err != nil {
				return
			}
			go echo(stream, *late)
		}
	}()
	if *open > 0 { // otherwise the other side may be done before the answer
		_, err = session.Ping()
		check(err, "ping")
	}

	var streams []*yamux.Stream
	var lock sync.Mutex
	var wait sync.WaitGroup
	for i := 0; i < *open; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			stream, err := session.OpenStream()
			check(err, "open")
			lock.Lock()
			streams = append(streams, stream)
			lock.Unlock()
		}()
	}
	wait.Wait()
	if *scenario == "go-away" {
		check(session.GoAway(), "go away")
	}
	for i, stream := range streams {
		wait.Add(1)
		go func(stream *yamux.Stream, i int) {
			defer wait.Done()
			check(own(stream, *size, i), fmt.Sprintf("stream %d", stream.StreamID()))
		}(stream, i)
	}
	wait.Wait()
	if *open > 0 {
		check(session.Close(), "close")
		return
	}
	<-session.CloseChan()
}
