// Package text plays recorded editing sessions on documents of the crdt package and
// measures what that costs. The peers' side, in the .mjs files beside it, does the same
// under Node, file by file.
package text

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// Trace is a recorded editing session. It is read only.
type Trace struct {
	End          string // the text in the end
	Agents       int    // how many wrote
	Transactions []Transaction
}

// Transaction is what one agent typed at once.
type Transaction struct {
	Agent   int
	Parents []int // the transactions it was typed after, none: at the start
	Patches []Patch
}

// Patch replaces Deleted code points at position At by Inserted. Positions count code
// points in the text as the patches before, and the transaction's parents, leave it.
type Patch struct {
	At, Deleted int
	Inserted    string
}

// UnmarshalJSON reads [at, deleted, inserted].
func (p *Patch) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&p.At, &p.Deleted, &p.Inserted})
}

// ReadTrace reads a gzipped trace from a file.
func ReadTrace(path string) (*Trace, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t, err := parseTrace(unzipped)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// parseTrace reads both forms: of one writer, whose transactions follow one another, and
// of several, whose transactions name their parents.
func parseTrace(r io.Reader) (*Trace, error) {
	var raw struct {
		Kind                     string
		StartContent, EndContent string
		NumAgents                int
		Txns                     []Transaction
	}
	if err := json.NewDecoder(r).Decode(&raw); err != nil {
		return nil, err
	}
	t := &Trace{End: raw.EndContent, Agents: 1, Transactions: raw.Txns}
	if raw.Kind == "concurrent" {
		t.Agents = raw.NumAgents
	} else {
		for i := 1; i < len(t.Transactions); i++ {
			t.Transactions[i].Parents = []int{i - 1}
		}
	}
	if raw.StartContent != "" && len(t.Transactions) > 0 {
		first := &t.Transactions[0]
		first.Patches = append([]Patch{{Inserted: raw.StartContent}}, first.Patches...)
	}
	return t, t.check()
}

// check refuses agents and parents that are not there.
func (t *Trace) check() error {
	if len(t.Transactions) == 0 {
		return errors.New("the trace has no transactions")
	}
	for i, x := range t.Transactions {
		if x.Agent < 0 || x.Agent >= t.Agents {
			return fmt.Errorf("transaction %d is of agent %d, and there are %d", i, x.Agent, t.Agents)
		}
		for _, p := range x.Parents {
			if p < 0 || p >= i {
				return fmt.Errorf("transaction %d has the parent %d, which does not come before it", i, p)
			}
		}
	}
	return nil
}

// Concurrent reports whether several people wrote.
func (t *Trace) Concurrent() bool { return t.Agents > 1 }

// Edits gives all patches in the order of the trace.
func (t *Trace) Edits() []Patch {
	var edits []Patch
	for _, x := range t.Transactions {
		edits = append(edits, x.Patches...)
	}
	return edits
}

// length is how many code points the text has in the end.
func (t *Trace) length() int { return utf8.RuneCountInString(t.End) }
