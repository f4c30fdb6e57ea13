// The peer with Go's binding (cgo). `peer WORK ARGUMENT…`; see ../../README.md.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	libvirt "github.com/libvirt/libvirt-go"
)

const piece = 262120 // What libvirt sends in one message.
const mib = 1024 * 1024

func say(figure string, value float64) {
	fmt.Printf("%s 1 %.3f\n", figure, value)
}

var turns = bufio.NewReader(os.Stdin)

// Waits for the driver to give this peer its next turn; false if there is none.
func turn() bool {
	fmt.Println(".")
	line, err := turns.ReadString('\n')
	return err == nil && line == "\n"
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(argument int) int {
	value, err := strconv.Atoi(os.Args[argument+2])
	check(err)
	return value
}

func open(uri string) *libvirt.Connect {
	conn, err := libvirt.NewConnect(uri)
	check(err)
	return conn
}

// As events.c.
func events() {
	check(libvirt.EventRegisterDefaultImpl())
	go func() {
		for {
			check(libvirt.EventRunDefaultImpl())
		}
	}()
	conn := open("test:///default")
	domain, err := conn.LookupDomainByName("test")
	check(err)
	var received int64
	wanted := int64(number(0))
	done := make(chan bool)
	_, err = conn.DomainEventLifecycleRegister(nil,
		func(c *libvirt.Connect, d *libvirt.Domain, event *libvirt.DomainEventLifecycle) {
			_, err := d.GetName()
			check(err)
			_, err = d.GetUUID()
			check(err)
			if atomic.AddInt64(&received, 1) == wanted {
				done <- true
			}
		})
	check(err)
	for turn() {
		atomic.StoreInt64(&received, 0)
		start := time.Now()
		for i := int64(0); i < wanted; i += 2 {
			check(domain.Suspend())
			check(domain.Resume())
		}
		<-done
		say("events", float64(wanted)/time.Since(start).Seconds())
	}
}

// As calls.c.
func calls() {
	conn := open(os.Args[2])
	domain, err := conn.LookupDomainByName("vm500")
	check(err)
	works := []struct {
		figure string
		times  int
		call   func()
	}{
		{"name", 10000, func() {
			_, err := domain.GetName()
			check(err)
		}},
		{"info", 5000, func() {
			_, err := domain.GetInfo()
			check(err)
		}},
		{"lookup", 5000, func() {
			found, err := conn.LookupDomainByName("vm500")
			check(err)
			check(found.Free())
		}},
		{"list", 10, func() {
			found, err := conn.ListAllDomains(0)
			check(err)
			for i := range found {
				check(found[i].Free())
			}
		}},
		{"missing", 2000, func() {
			_, err := conn.LookupDomainByName("nobody")
			if err.(libvirt.Error).Code != libvirt.ERR_NO_DOMAIN {
				check(err)
			}
		}},
		{"identities", 10, func() {
			found, err := conn.ListAllDomains(0)
			check(err)
			for i := range found {
				_, err := found[i].GetName()
				check(err)
				_, err = found[i].GetUUID()
				check(err)
				check(found[i].Free())
			}
		}},
		{"stats", 10, func() {
			found, err := conn.GetAllDomainStats(nil, libvirt.DOMAIN_STATS_STATE, 0)
			check(err)
			for i := range found {
				_, err := found[i].Domain.GetName()
				check(err)
				_, err = found[i].Domain.GetUUID()
				check(err)
				_, err = found[i].Domain.GetID()
				check(err)
				check(found[i].Domain.Free())
			}
		}},
		{"get-parameters", 2000, func() {
			_, err := domain.GetMemoryParameters(0)
			check(err)
		}},
		{"set-parameters", 2000, func() {
			check(domain.SetMemoryParameters(&libvirt.DomainMemoryParameters{
				HardLimitSet: true, HardLimit: 3000000,
				SoftLimitSet: true, SoftLimit: 2000000,
			}, 0))
		}},
	}
	for turn() {
		for _, work := range works {
			start := time.Now()
			for i := 0; i < work.times; i++ {
				work.call()
			}
			say(work.figure, float64(time.Since(start).Nanoseconds())/float64(work.times))
		}
	}
}

// As streams.c, without the sparse ones.
func streams() {
	conn := open(os.Args[2])
	closure := os.Args[3] == "closure"
	size := number(2) * mib
	buffer := make([]byte, piece)
	up := func(stream *libvirt.Stream) {
		left := size
		next := func(room int) []byte {
			if room > left {
				room = left
			}
			return buffer[:room]
		}
		if closure {
			check(stream.SendAll(func(_ *libvirt.Stream, room int) ([]byte, error) {
				data := next(room)
				left -= len(data)
				return data, nil
			}))
			return
		}
		for left > 0 {
			sent, err := stream.Send(next(piece))
			check(err)
			left -= sent
		}
	}
	down := func(stream *libvirt.Stream) {
		if closure {
			check(stream.RecvAll(func(_ *libvirt.Stream, data []byte) (int, error) {
				return copy(buffer, data), nil
			}))
			return
		}
		for {
			_, err := stream.Recv(buffer)
			if err == io.EOF {
				return
			}
			check(err)
		}
	}
	pool, err := conn.LookupStoragePoolByName("bench")
	check(err)
	for turn() {
		for _, figure := range []string{"up", "down"} {
			volume, err := pool.LookupStorageVolByName(figure)
			check(err)
			start := time.Now()
			stream, err := conn.NewStream(0)
			check(err)
			if figure == "up" {
				check(volume.Upload(stream, 0, uint64(size), 0))
				up(stream)
			} else {
				check(volume.Download(stream, 0, uint64(size), 0))
				down(stream)
			}
			check(stream.Finish())
			say(figure, float64(number(2))/time.Since(start).Seconds())
		}
	}
}

func first() {
	domains, err := open("test:///default").ListAllDomains(0)
	check(err)
	name, err := domains[0].GetName()
	check(err)
	if name == "test" {
		say("first", 0)
	}
}

func main() {
	map[string]func(){"events": events, "calls": calls, "streams": streams, "first": first}[os.Args[1]]()
}
