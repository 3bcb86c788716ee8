package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// textPeers are the engines that run under Node. Until they are installed there are none.
type textPeers struct {
	dir      string // of the Node side
	engines  []string
	versions string // for people, to go on a line with
	scratch  string // where a document's bytes go from one process to the next
}

// install brings in the packages that the lock file names.
func (p *textPeers) install(ctx context.Context) error {
	fmt.Fprintln(os.Stderr, "installing the peers …")
	cmd := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = p.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w %s", err, firstLine(out))
	}
	node, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return fmt.Errorf("node --version: %w", err)
	}
	packages, err := p.packages()
	if err != nil {
		return err
	}
	p.versions = "; Node " + firstLine(node) + " with " + packages
	if p.scratch, err = os.MkdirTemp("", "fieldstack-bench-"); err != nil {
		return err
	}
	p.engines = []string{"diamond-types", "loro", "yjs", "automerge"}
	return nil
}

// packages names what is installed, with versions.
func (p *textPeers) packages() (string, error) {
	raw, err := os.ReadFile(filepath.Join(p.dir, "package.json"))
	if err != nil {
		return "", err
	}
	var manifest struct{ Dependencies map[string]string }
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return "", err
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(manifest.Dependencies)) {
		names = append(names, name+" "+manifest.Dependencies[name])
	}
	return strings.Join(names, ", "), nil
}

func (p *textPeers) close() {
	if p.scratch != "" {
		_ = os.RemoveAll(p.scratch)
	}
}

// measure measures every engine on a trace, each group of figures in a process of its own.
func (p *textPeers) measure(ctx context.Context, trace string, add func(engine, metric string, value float64, unit string)) error {
	trace, err := filepath.Abs(trace)
	if err != nil {
		return err
	}
	for _, engine := range p.engines {
		file := filepath.Join(p.scratch, filepath.Base(trace)+"."+engine)
		for _, group := range []string{"replay", "updates", "load", "memory", "flat"} {
			cmd := exec.CommandContext(ctx, "node", "--expose-gc", "measure.mjs", engine, group, trace, file)
			cmd.Dir = p.dir
			err := eachFigure(cmd, func(f figure) { add(engine, f.Metric, f.Value, f.Unit) })
			if err != nil {
				return fmt.Errorf("%s, %s: %w", engine, group, err)
			}
		}
	}
	return nil
}

// eachFigure runs a process that prints a line of JSON for each figure, as they come.
func eachFigure(cmd *exec.Cmd, add func(figure)) error {
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var bad error
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var f figure
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			bad = fmt.Errorf("%q is no figure: %w", lines.Text(), err)
			continue
		}
		add(f)
	}
	return errors.Join(bad, lines.Err(), cmd.Wait())
}

// firstLine of what a program said, for a message of one line.
func firstLine(out []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line
}
