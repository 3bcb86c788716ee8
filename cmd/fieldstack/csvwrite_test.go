package main

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// dangerous is what a spreadsheet takes for a formula (OWASP, CSV Injection).
const dangerous = "=+-@\t\r"

func TestExport_Formula(t *testing.T) {
	s := atFolder(t)
	rows := "=Title,Note\n'=1+1,\"'\ttab\"\n'-2+3,-2\n'@sum,''quoted\n'+49 30,'twas\n"
	writeFile(t, "f.csv", strings.Replace(rows, "=Title", "'=Title", 1))
	s.ok("import", "f.csv")
	guarded := s.ok("export", "f")
	for _, line := range strings.Split(strings.TrimSpace(guarded), "\n") {
		for _, cell := range strings.Split(line, ",") {
			if cell = strings.Trim(cell, `"`); strings.ContainsRune(dangerous, rune(cell[0])) && cell != "-2" {
				t.Errorf("%q would run in a spreadsheet", cell)
			}
		}
	}
	raw := s.ok("export", "f", "--raw")
	wants(t, raw, "=Title,Note\n", "=1+1,", "\n-2+3,-2\n", "@sum,'quoted\n", "+49 30,'twas\n")
	writeFile(t, "again.csv", guarded)
	s.ok("import", "again.csv", "--type", "g")
	if again := s.ok("export", "g", "--raw"); again != raw {
		t.Errorf("what was guarded came back as\n%s, want\n%s", again, raw)
	}
}

// TestGuard: nothing that is guarded runs, and unguarding gives back what was.
func TestGuard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+\-@\t\r0-9.eE]{0,6}`)).Draw(t, "cell")
		guarded := guard(cell)
		if guarded != "" && strings.ContainsRune(dangerous, rune(guarded[0])) && !plainNumber.MatchString(guarded) {
			t.Fatalf("%q is guarded as %q", cell, guarded)
		}
		if got := unguard(guarded); got != cell {
			t.Fatalf("%q came back as %q", cell, got)
		}
	})
}
