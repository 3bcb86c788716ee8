package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
)

// writes are the commands that change something.
var writes = map[string]bool{
	"insert": true, "update": true, "delete": true, "findAndModify": true, "findandmodify": true,
	"createIndexes": true, "dropIndexes": true, "create": true, "drop": true, "dropDatabase": true,
}

// one lets one write through at a time.
var one sync.Mutex

// serve passes on what comes in to the server behind.
func serve(front net.Listener, behind string) {
	for {
		conn, err := front.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			server, err := net.Dial("tcp", behind)
			if err != nil {
				return
			}
			defer server.Close()
			for pass(conn, server) == nil {
			}
		}()
	}
}

// pass passes one request on, and its answer back. Who asks waits for the answer before
// asking again, as drivers do.
func pass(conn, server net.Conn) error {
	request, err := readMessage(conn)
	if err != nil {
		return err
	}
	answer, err := ask(server, request)
	if err != nil {
		return err
	}
	_, err = conn.Write(answer)
	return err
}

// ask sends a request and reads the answer.
func ask(server net.Conn, request []byte) ([]byte, error) {
	if writes[command(request)] {
		one.Lock()
		defer one.Unlock()
	}
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	return readMessage(server)
}

// headerSize is the size of the header of a message: its length, two numbers, its kind.
const headerSize = 16

func readMessage(from io.Reader) ([]byte, error) {
	message := make([]byte, headerSize)
	if _, err := io.ReadFull(from, message); err != nil {
		return nil, err
	}
	size := int(binary.LittleEndian.Uint32(message))
	if size < headerSize || size > 64<<20 {
		return nil, errors.New("no message of the protocol")
	}
	message = append(message, make([]byte, size-headerSize)...)
	_, err := io.ReadFull(from, message[headerSize:])
	return message, err
}

// command is the name of the command of an OP_MSG, "" of anything else: the first key of
// its first section, which is a document.
func command(message []byte) string {
	const (
		opMsg   = 2013
		section = headerSize + 4      // after the flags
		key     = section + 1 + 4 + 1 // after the section's kind, the document's size and the element's type
	)
	if len(message) <= key || binary.LittleEndian.Uint32(message[12:]) != opMsg || message[section] != 0 {
		return ""
	}
	for end := key; end < len(message); end++ {
		if message[end] == 0 {
			return string(message[key:end])
		}
	}
	return ""
}
