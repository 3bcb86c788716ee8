package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// asFieldstack tells the test binary to be fieldstack itself, with the arguments it has.
const asFieldstack = "FIELDSTACK_TEST_IS_FIELDSTACK"

func TestMain(m *testing.M) {
	if os.Getenv(asFieldstack) != "" {
		main()
	}
	code := m.Run()
	if built.folder != "" {
		_ = os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

// built are the programs that tests start, each built once.
var built struct {
	mu       sync.Mutex
	folder   string
	programs map[string]string // by the folder of their source
}

// buildOnce gives the program whose source is in a folder.
func buildOnce(t *testing.T, source string) string {
	t.Helper()
	built.mu.Lock()
	defer built.mu.Unlock()
	if program := built.programs[source]; program != "" {
		return program
	}
	if built.folder == "" {
		folder, err := os.MkdirTemp("", "fieldstack-test-")
		if err != nil {
			t.Fatal(err)
		}
		built.folder, built.programs = folder, map[string]string{}
	}
	program := filepath.Join(built.folder, filepath.Base(source))
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", program, ".")
	build.Dir = source
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", source, err, said)
	}
	built.programs[source] = program
	return program
}

// process is a `fieldstack serve` of its own, that can be told to stop and be killed.
type process struct {
	cmd  *exec.Cmd
	url  string
	rest chan string   // what it said after that it was ready, once it has ended
	said *bytes.Buffer // on standard error; to be read once it has ended
}

// startProcess starts one of this test binary.
func startProcess(t *testing.T, data, listen string) *process {
	t.Helper()
	return startProgram(t, os.Args[0], data, listen)
}

// unraced gives a fieldstack without the race detector, for who starts it many times to
// kill it: a start takes a third of the time, and what a kill leaves on the disk is no
// matter of races, which the tests that stop it look for.
func unraced(t *testing.T) string {
	t.Helper()
	if !raced {
		return os.Args[0]
	}
	return buildOnce(t, sourceFolder)
}

// startProgram starts a fieldstack and waits until it says that it is ready. What it says
// on standard error is shown if the test fails.
func startProgram(t *testing.T, program, data, listen string, more ...string) *process {
	t.Helper()
	args := append([]string{"serve", "--data", data, "--listen", listen}, more...)
	p := &process{cmd: exec.Command(program, args...), said: &bytes.Buffer{}, rest: make(chan string, 1)}
	p.cmd.Env = append(os.Environ(), asFieldstack+"=1")
	p.cmd.Stderr = p.said
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() && p.said.Len() > 0 {
			t.Logf("the server on %s said:\n%s", p.url, p.said)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "Admin pages"); ok {
			p.url = strings.TrimSuffix(strings.TrimSpace(after), "/admin")
			go p.listen(lines)
			return p
		}
	}
	t.Fatalf("the server did not start: %v\n%s", p.cmd.Wait(), p.said)
	return nil
}

// listen reads on, so that the process never blocks on a full pipe.
func (p *process) listen(lines *bufio.Scanner) {
	var text strings.Builder
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
	}
	p.rest <- text.String()
}

// kill ends the process as a power cut would, if it is still there.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}
