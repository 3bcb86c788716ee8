package main

import (
	"os"
	"testing"
)

// TestProgress_NoTerminal: where standard error goes to a file, no bar is drawn in it.
func TestProgress_NoTerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	file, err := os.Create("log")
	if err != nil {
		t.Fatal(err)
	}
	bar := newProgress(file, "importing", 10)
	_ = bar.Add(5)
	_ = bar.Finish()
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if text := readFile(t, "log"); text != "" {
		t.Errorf("it holds %q", text)
	}
}
