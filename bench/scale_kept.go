package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// measured is what one work gave.
type measured struct {
	Commit  string   `json:"commit"`
	Work    string   `json:"work"`
	Figures []figure `json:"figures"`
	Notes   []string `json:"notes,omitempty"`
	Seconds float64  `json:"seconds"`
	Error   string   `json:"error,omitempty"`
}

// kept is what was measured so far, a line of a file for each work: it outlives a run
// that is broken off. Figures of another commit do not count.
type kept struct {
	path, commit string
	works        []measured
}

func openKept(path, commit string) (*kept, error) {
	k := &kept{path: path, commit: commit}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var m measured
		// A line that was cut off by a kill is as if its work had not been measured.
		if json.Unmarshal(lines.Bytes(), &m) == nil && m.Commit == commit {
			k.put(m)
		}
	}
	return k, lines.Err()
}

func (k *kept) put(m measured) {
	k.works = append(slices.DeleteFunc(k.works, func(o measured) bool { return o.Work == m.Work }), m)
}

// has reports whether a work was measured to its end.
func (k *kept) has(work string) bool {
	return slices.ContainsFunc(k.works, func(m measured) bool { return m.Work == work && m.Error == "" })
}

func (k *kept) add(m measured) error {
	m.Commit = k.commit
	k.put(m)
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(k.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	return errors.Join(err, file.Close())
}

// commitOf names what is measured: the commit, and whether there is more than that.
func commitOf(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
