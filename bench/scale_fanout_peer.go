package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// peerLive are readers of PocketBase's realtime API: each connects, is told its name,
// and says under that name what it wants to hear of.
type peerLive struct {
	caller *caller
	record string
}

func (l *peerLive) name() string { return "pocketbase" }

func (l *peerLive) tick(ctx context.Context, n int) error {
	return l.caller.call(ctx, http.MethodPatch, peerRecords+"/"+l.record, map[string]any{"site": mark(n)}, nil)
}

func (l *peerLive) open(ctx context.Context, p *process, _ int) (net.Conn, error) {
	conn, err := openStream(ctx, p, "GET /api/realtime HTTP/1.1\r\nHost: bench\r\n\r\n")
	if err != nil {
		return nil, err
	}
	id, err := clientID(conn)
	if err == nil {
		err = l.caller.call(ctx, http.MethodPost, "/api/realtime", map[string]any{"clientId": id, "subscriptions": []string{"workorders/*"}}, nil)
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// clientID reads the first event, which names the connection.
func clientID(conn net.Conn) (string, error) {
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	var text []byte
	buffer := make([]byte, 512)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return "", fmt.Errorf("no name: %w", err)
		}
		text = append(text, buffer[:n]...)
		_, rest, found := bytes.Cut(text, []byte(`"clientId":"`))
		if id, _, whole := bytes.Cut(rest, []byte(`"`)); found && whole {
			return string(id), conn.SetReadDeadline(time.Time{})
		}
	}
}
