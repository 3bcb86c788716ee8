package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// process is a server under measurement: a process of its own, as its users run it.
type process struct {
	url string
	cmd *exec.Cmd
}

// build compiles the package in dir and gives the path of the program.
func build(ctx context.Context, dir, pkg, to string) error {
	fmt.Fprintf(os.Stderr, "building %s …\n", filepath.Base(to))
	cmd := exec.CommandContext(ctx, "go", "build", "-o", to, pkg)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// start runs a program that will answer at address, and waits until it does.
func start(ctx context.Context, address, ready string, env []string, program string, args ...string) (*process, error) {
	p, err := launch(address, env, program, args...)
	if err != nil {
		return nil, err
	}
	for range 600 {
		resp, err := http.Get(p.url + ready)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return p, nil
			}
		}
		sleep(ctx, 100*time.Millisecond)
	}
	p.stop()
	return nil, fmt.Errorf("%s did not answer at %s within a minute", program, address)
}

// launch runs a program that will answer at address, and does not wait for it.
func launch(address string, env []string, program string, args ...string) (*process, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &process{"http://" + address, cmd}, nil
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	_ = p.cmd.Wait()
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
