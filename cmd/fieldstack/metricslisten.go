package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// metricsServer serves /metrics on an address of its own, to anybody who reaches that.
type metricsServer struct {
	http   *http.Server
	served chan struct{} // closed when it has ended
}

// listenForMetrics begins to serve; nil where no address was given.
func (s *server) listenForMetrics(address string) error {
	if address == "" {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("cannot serve metrics on %s (%w): give another address with --metrics-listen", address, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.Handler())
	m := &metricsServer{served: make(chan struct{}), http: &http.Server{
		Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}}
	s.metricsAt, s.metricsServer = listener.Addr().String(), m
	go func() {
		defer close(m.served)
		_ = m.http.Serve(listener) // it ends when it is closed
	}()
	return nil
}

// close ends it; who reads just now may finish until ctx ends.
func (m *metricsServer) close(ctx context.Context) error {
	if m == nil {
		return nil
	}
	err := m.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, m.http.Close())
	}
	<-m.served
	return err
}
