package crdt_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// The merge is written twice. This fuzzer writes random histories, plays each with both, and
// compares everything that can be seen of every step: which operations an edit becomes, what
// becomes of a change that is given, the document to the byte of its meta, and what can be
// asked of it. It needs node; FIELDSTACK_SOAK=1 makes it play for half an hour or so.
func TestTwin(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no node to run the other merge with")
	}
	n := howMany(10_000)
	if os.Getenv("FIELDSTACK_SOAK") != "" && *worlds == 0 {
		n = 200_000
	}
	t.Logf("seeds %d to %d", *first, *first+uint64(n)-1)
	var next atomic.Uint64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() { comparePlays(t, &next, uint64(n)) })
	}
	group.Wait()
}

// played is a history and what this merge made of it.
type played struct {
	seed   uint64
	digest string
}

// comparePlays lets one process of the other merge play histories until all are played or
// one differs.
func comparePlays(t *testing.T, next *atomic.Uint64, n uint64) {
	other := startTwin(t)
	waiting := make(chan played, 32)
	go func() {
		defer close(waiting)
		for i := next.Add(1) - 1; i < n && !t.Failed(); i = next.Add(1) - 1 {
			h, told := crdttest.RandomHistory(*first + i)
			other.ask(h, false)
			waiting <- played{h.Seed, digest(told)}
		}
		other.stdin.Close()
	}()
	for p := range waiting {
		if answer := other.answer(); answer != p.digest && !t.Failed() {
			reportTwin(t, p.seed)
		}
	}
}

func digest(told []string) string {
	sum := sha256.New()
	for _, text := range told {
		io.WriteString(sum, text+"\x00")
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// reportTwin shows the shortest history it can find in which the two differ.
func reportTwin(t *testing.T, seed uint64) {
	h, _ := crdttest.RandomHistory(seed)
	other := startTwin(t)
	defer other.stdin.Close()
	h.Steps = h.Steps[:min(other.differsAt(h)+1, len(h.Steps))]
	h = h.Shortened(func(h *crdttest.History) bool { return other.differsAt(h) >= 0 })
	ours, theirs := other.play(h)
	i := other.differsAt(h)
	at := func(told []string) string { return append(told, make([]string, i+1)...)[i] }
	t.Errorf("go test ./crdt -run TestTwin -seed %d -worlds 1\n%vstep %d in Go:\n%s\nand in JavaScript:\n%s", seed, h, i+1, at(ours), at(theirs))
}

// differsAt is the first step of which the two tell different things, -1 if there is none.
func (w *twin) differsAt(h *crdttest.History) int {
	ours, theirs := w.play(h)
	for i := range max(len(ours), len(theirs)) {
		if i >= len(ours) || i >= len(theirs) || ours[i] != theirs[i] {
			return i
		}
	}
	return -1
}

// twin is a process that plays histories with the other merge.
type twin struct {
	t      *testing.T
	stdin  io.WriteCloser
	stdout *bufio.Reader
}

func startTwin(t *testing.T) *twin {
	cmd := exec.Command("node", "../client/js/test/twin.js", "stdin")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Error(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Error(err)
	}
	if err := cmd.Start(); err != nil {
		t.Error(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	return &twin{t, stdin, bufio.NewReaderSize(stdout, 1<<20)}
}

// ask sends a history; answer gives the line that comes back.
func (w *twin) ask(h *crdttest.History, tell bool) {
	line, err := json.Marshal(struct {
		*crdttest.History
		Tell bool `json:"tell"`
	}{h, tell})
	if err != nil {
		panic(fmt.Sprintf("a history cannot be written down: %v", err))
	}
	w.stdin.Write(append(line, '\n')) // an error comes out as a missing answer
}

func (w *twin) answer() string {
	line, err := w.stdout.ReadBytes('\n')
	if err != nil {
		w.t.Error("the other merge ended: ", err)
	}
	return string(bytes.TrimSuffix(line, []byte{'\n'}))
}

// play plays a history with both and gives what each tells of its steps.
func (w *twin) play(h *crdttest.History) (ours, theirs []string) {
	p := crdttest.NewPlayer(h)
	for i := range h.Steps {
		ours = append(ours, p.Play(&h.Steps[i]))
	}
	w.ask(h, true)
	if err := json.Unmarshal([]byte(w.answer()), &theirs); err != nil {
		w.t.Error(err)
	}
	return ours, theirs
}
