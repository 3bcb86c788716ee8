package main

import (
	"os/exec"
	"strings"
	"testing"
)

func TestWriteBeside(t *testing.T) {
	figures := []figure{
		{"w", "fieldstack", "replay", 50, "ms"}, {"w", "fieldstack", "bytes-timed", 7, "B"},
		{"w", "loro", "replay", 125, "ms"}, {"w", "yjs", "replay", 25, "ms"}, {"w", "yjs", "memory-rss", -4096, "B"},
	}
	var out strings.Builder
	if err := writeBeside(&out, "w", "fieldstack", figures); err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"w", "unit", "fieldstack", "loro", "ratio", "yjs", "ratio"},
		{"replay", "ms", "50.0", "125", "2.50x", "25.0", "0.50x"},
		{"bytes-timed", "B", "7.00", "-", "-", "-", "-"},
		{"memory-rss", "B", "-", "-", "-", "-4096", "-"},
	}
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		if got := strings.Fields(line); i >= len(want) || strings.Join(got, " ") != strings.Join(want[i], " ") {
			t.Errorf("line %d is %q", i, got)
		}
	}
}

// A peer whose text is not the recorded one ends with an error, and that must not pass.
func TestEachFigure(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here")
	}
	for _, test := range []struct {
		script  string
		figures int
		ok      bool
	}{
		{`echo '{"metric":"replay","value":1.5,"unit":"ms"}'; echo '{"metric":"bytes","value":2,"unit":"B"}'`, 2, true},
		{`echo '{"metric":"replay","value":1.5,"unit":"ms"}'; exit 1`, 1, false},
		{`echo 'a warning'`, 0, false},
	} {
		figures := 0
		err := eachFigure(exec.Command(shell, "-c", test.script), func(figure) { figures++ })
		if figures != test.figures || (err == nil) != test.ok {
			t.Errorf("%s: %d figures, error %v", test.script, figures, err)
		}
	}
}
