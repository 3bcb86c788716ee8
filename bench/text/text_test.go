package text

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Two writers: 1 types twice, of which 0 hears first the one and then the other.
const apart = `{"kind":"concurrent","numAgents":2,"endContent":"ab12c","txns":[
	{"agent":0,"parents":[],"patches":[[0,0,"ab"]]},
	{"agent":1,"parents":[0],"patches":[[2,0,"1"]]},
	{"agent":1,"parents":[1],"patches":[[3,0,"3"],[3,1,"2"]]},
	{"agent":0,"parents":[0,1],"patches":[[0,0,"x"]]},
	{"agent":0,"parents":[2,3],"patches":[[0,1,""]]},
	{"agent":1,"parents":[4],"patches":[[4,0,"c"]]}]}`

func mustParse(t *testing.T, text string) *Trace {
	t.Helper()
	tr, err := parseTrace(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestParseTrace_OneWriter(t *testing.T) {
	tr := mustParse(t, `{"startContent":"s","endContent":"sä","txns":[{"patches":[[1,0,"ä"]]},{"patches":[[0,1,""]]}]}`)
	if want := []Patch{{0, 0, "s"}, {1, 0, "ä"}, {0, 1, ""}}; !slices.Equal(tr.Edits(), want) {
		t.Errorf("edits %v, want %v", tr.Edits(), want)
	}
	if tr.Concurrent() || tr.length() != 2 || !slices.Equal(tr.Transactions[1].Parents, []int{0}) {
		t.Errorf("read as %+v", tr)
	}
}

func TestParseTrace_Refuses(t *testing.T) {
	for _, text := range []string{
		`{"endContent":"","txns":[]}`,
		`{"kind":"concurrent","numAgents":1,"txns":[{"agent":1,"patches":[]}]}`,
		`{"kind":"concurrent","numAgents":1,"txns":[{"agent":0,"parents":[0],"patches":[]}]}`,
		`{"txns":[{"patches":[["0",0,""]]}]}`,
	} {
		if _, err := parseTrace(strings.NewReader(text)); err == nil {
			t.Errorf("%s is taken for a trace", text)
		}
	}
}

func TestScript_ReceivesWhatTheHistoryHolds(t *testing.T) {
	tr := mustParse(t, apart)
	steps, err := script(tr)
	if err != nil {
		t.Fatal(err)
	}
	var short []string
	for _, s := range steps {
		short = append(short, fmt.Sprint([]string{"edits", "sends", "receives"}[s.does], " ", s.who, " ", s.index))
	}
	want := []string{
		"edits 0 0", "sends 0 0", "receives 1 0", "edits 1 1", "sends 1 1", "edits 1 2", "sends 1 2",
		"receives 0 1", "edits 0 3", "receives 0 2", "edits 0 4", "sends 0 3", "receives 1 3", "edits 1 5", "sends 1 4", "receives 0 4",
	}
	if !slices.Equal(short, want) {
		t.Errorf("the steps are\n%s\nwant\n%s", strings.Join(short, "\n"), strings.Join(want, "\n"))
	}
	tr.Transactions[4].Parents = []int{1}
	if _, err := script(tr); err == nil || !strings.Contains(err.Error(), "transaction 4") {
		t.Errorf("a transaction that forgets what its replica had: %v", err)
	}
}

// What came is the same on both sides, and so is what is kept of it.
func TestSession_EndsAlike(t *testing.T) {
	tr := mustParse(t, apart)
	s, err := newSession(tr)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.play(); err != nil {
		t.Fatal(err)
	}
	for who, r := range s.replicas {
		if r.text() != tr.End {
			t.Errorf("replica %d ends in %q, want %q", who, r.text(), tr.End)
		}
		again, err := load(r.history.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if again.text() != tr.End {
			t.Errorf("replica %d loads as %q, want %q", who, again.text(), tr.End)
		}
	}
}

// A replica that has not heard of the insertion cannot take what was typed inside it.
func TestReplica_ReceiveInTheWrongOrder(t *testing.T) {
	a, _ := newReplica(0)
	b, _ := newReplica(1)
	a.sending = true
	var messages [][]byte
	for _, p := range []Patch{{0, 0, "ab"}, {1, 0, "-"}} {
		if _, err := a.edit(p); err != nil {
			t.Fatal(err)
		}
		messages = append(messages, a.send())
	}
	if err := b.receive(messages[1]); err == nil {
		t.Error("a message is taken that leans on one that has not come")
	}
}

func TestRandomEdits_AreThoseOfTheNodeSide(t *testing.T) {
	want := []Patch{{238, 0, "x"}, {914, 0, "x"}, {613, 1, ""}, {927, 0, "x"}}
	if got := randomEdits(1000, 4, 7); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestMeasure_ATextThatIsNotTheTraces(t *testing.T) {
	tr := mustParse(t, apart)
	tr.End = "something else"
	if err := Measure(tr, func(string, float64, string) {}); err == nil {
		t.Error("a replay that ends in another text is measured as if it were right")
	}
}

func TestMeasure_GivesEveryFigure(t *testing.T) {
	for _, test := range []struct{ trace, metrics string }{
		{apart, "replay bytes bytes-state load load-state memory"},
		{`{"endContent":"ab","txns":[{"patches":[[0,0,"a"]]},{"patches":[[1,0,"b"]]}]}`,
			"replay replay-updates update-bytes bytes bytes-timed bytes-state load load-state memory edit-1x edit-10x edit-flat"},
	} {
		got := map[string]bool{}
		err := Measure(mustParse(t, test.trace), func(metric string, _ float64, _ string) { got[metric] = true })
		if err != nil {
			t.Fatal(err)
		}
		for metric := range strings.FieldsSeq(test.metrics) {
			if !got[metric] {
				t.Errorf("no figure for %s", metric)
			}
		}
	}
}

// The Node side reads traces by itself; its tests need Node and nothing else.
func TestNodeSide(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node here")
	}
	cmd := exec.Command(node, "--test")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("node --test: %v\n%s", err, out)
	}
}
