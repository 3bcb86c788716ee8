// Command mutate plants bugs in package crdt, one at a time, and sees whether its tests
// find them. No file of the tree is touched: the compiler is given the changed file in
// place of the real one.
//
// Usage, from anywhere in the module:
//
//	go run ./crdt/crdttest/mutate [-run words] [-list]
//
// It prints, for each bug, the first test that failed because of it. It exits with 1
// when a bug was not found, or could not be planted because the code has changed: then
// the table in mutants.go has to follow.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	only := flag.String("run", "", "plant only bugs whose name contains these words")
	list := flag.Bool("list", false, "list the bugs and plant none")
	flag.Parse()
	root, err := moduleRoot()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	survived, tried := 0, 0
	for i, m := range mutants {
		if !strings.Contains(m.name, *only) {
			continue
		}
		if *list {
			fmt.Printf("%-20s %s\n", m.file, m.name)
			continue
		}
		tried++
		begun := time.Now()
		found, err := m.try(root)
		took := time.Since(begun).Round(100 * time.Millisecond)
		switch {
		case err != nil:
			survived++
			fmt.Printf("%2d/%d  ERROR     %s: %v\n", i+1, len(mutants), m.name, err)
		case found == "":
			survived++
			fmt.Printf("%2d/%d  NOT FOUND %s (%s, %v)\n", i+1, len(mutants), m.name, m.file, took)
		default:
			fmt.Printf("%2d/%d  found     %s: by %s (%v)\n", i+1, len(mutants), m.name, found, took)
		}
	}
	if *list {
		return
	}
	fmt.Printf("%d passed, %d failed\n", tried-survived, survived)
	if survived > 0 {
		os.Exit(1)
	}
}

// moduleRoot is the folder of the module that the working directory is in.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("there is no module here")
		}
		dir = filepath.Dir(dir)
	}
}

// apply gives the file with the bug in it.
func (m *mutant) apply(root string) ([]byte, error) {
	code, err := os.ReadFile(filepath.Join(root, "crdt", m.file))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(code), m.old); n != 1 {
		return nil, fmt.Errorf("what it replaces occurs %d times in %s", n, m.file)
	}
	return []byte(strings.Replace(string(code), m.old, m.new, 1)), nil
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// try runs the tests with the bug and gives the first that failed, "" if none did. Tests
// that never end have found it, too.
func (m *mutant) try(root string) (found string, err error) {
	code, err := m.apply(root)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file, overlay := filepath.Join(dir, m.file), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]any{
		"Replace": map[string]string{filepath.Join(root, "crdt", m.file): file},
	})
	if err != nil {
		return "", err
	}
	if err := errors.Join(os.WriteFile(file, code, 0o600), os.WriteFile(overlay, replace, 0o600)); err != nil {
		return "", err
	}
	test := exec.Command("go", "test", "-overlay", overlay, "-short", "-failfast", "-timeout", "120s", "./crdt")
	test.Dir = root
	out, err := test.CombinedOutput()
	switch match := failed.FindSubmatch(out); {
	case err == nil:
		return "", nil
	case match != nil:
		return string(match[1]), nil
	case strings.Contains(string(out), "panic: test timed out"):
		return "a test that does not end", nil
	case strings.Contains(string(out), "panic:"), strings.Contains(string(out), "fatal error:"):
		return "a panic", nil
	}
	return "", fmt.Errorf("the tests do not run: %s", strings.TrimSpace(string(out)))
}
