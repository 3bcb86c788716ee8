package crdt_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// What somebody sends may cost no more than a small multiple of its size. Two promises
// are kept here: four times as much takes at most growth times as long (linear work
// takes four times, quadratic work sixteen), and what is read takes at most so many
// bytes of memory for each of its own, all that is allocated on the way counted.
const (
	growth         = 11
	changeMemory   = 48
	documentMemory = 160
)

// linear measures work on n things and on 4n. Others use the machine too, so of
// several tries the quickest of each counts: quadratic work fails however many there are.
func linear(t *testing.T, what string, n int, prepare func(n int) func()) {
	t.Helper()
	took := func(n int) time.Duration {
		work := prepare(n)
		runtime.GC()
		start := time.Now()
		work()
		return time.Since(start)
	}
	few, many := time.Hour, time.Hour
	for range 16 {
		few, many = min(few, took(n)), min(many, took(4*n))
		if many <= growth*few {
			return
		}
	}
	t.Errorf("%s: %d things take %v, four times as many %v", what, n, few, many)
}

// applied is the work of applying a change that must be accepted.
func applied(t *testing.T, d *crdt.Document, c *crdt.Change) func() {
	return func() {
		if effect, err := d.Apply(c); err != nil || effect != crdt.Applied {
			t.Fatalf("effect %v, error %v", effect, err)
		}
	}
}

// many makes a change of n operations.
func many(r crdt.Replica, n int, one func(i int) crdt.Op) *crdt.Change {
	c := &crdt.Change{Replica: r, N: 1, Stamp: 1, Type: "order", Version: 1, Doc: "d"}
	for i := range n {
		c.Ops = append(c.Ops, one(i))
	}
	return c
}

func descending(i int) string { return fmt.Sprintf("key%09d", 1_000_000-i) }

func dotOf(r crdt.Replica, i int) crdt.Dot { return crdt.Dot{Replica: r, Seq: uint64(i) + 1} }

func include(v func(i int) any) func(i int) crdt.Op {
	return func(i int) crdt.Op {
		return crdt.Op{Kind: crdt.OpInclude, Path: []string{"tags"}, ID: uint64(i) + 1, Value: v(i), Has: true}
	}
}

func assign(over func(i int) []crdt.Dot) func(i int) crdt.Op {
	return func(i int) crdt.Op {
		return crdt.Op{Kind: crdt.OpAssign, Path: []string{"who"}, ID: uint64(i) + 1, Value: float64(i), Has: true, Over: over(i)}
	}
}

func place(i int) crdt.Op {
	op := crdt.Op{Kind: crdt.OpPlace, Path: []string{"parts"}, ID: uint64(i) + 1}
	if i > 0 {
		op.After = dotOf(boris, i-1)
	}
	return op
}

func TestCost_ManyOperations(t *testing.T) {
	dots := func(n int) (all []crdt.Dot) {
		for i := range n {
			all = append(all, dotOf(boris, i))
		}
		return all
	}
	none := func(int) []crdt.Dot { return nil }
	for what, work := range map[string]func(n int) (before, then *crdt.Change){
		"keys of a map, the last first": func(n int) (*crdt.Change, *crdt.Change) {
			return nil, many(anna, n, func(i int) crdt.Op {
				return crdt.Op{Kind: crdt.OpSet, Path: []string{"more", descending(i)}, Value: 1.0, Has: true}
			})
		},
		"elements of a set, the last first": func(n int) (*crdt.Change, *crdt.Change) {
			return nil, many(anna, n, include(func(i int) any { return descending(i) }))
		},
		"removals of all additions of one element": func(n int) (*crdt.Change, *crdt.Change) {
			return many(boris, n, include(func(int) any { return "x" })), many(anna, 1, func(int) crdt.Op {
				return crdt.Op{Kind: crdt.OpExclude, Path: []string{"tags"}, Value: "x", Has: true, Over: dots(n)}
			})
		},
		"values beside others that are newer": func(n int) (*crdt.Change, *crdt.Change) {
			before := many(boris, n, assign(none))
			before.Stamp = 9
			return before, many(anna, n, assign(none))
		},
		"values in place of one other each": func(n int) (*crdt.Change, *crdt.Change) {
			all := dots(n)
			return many(boris, n, assign(none)), many(anna, n, assign(func(i int) []crdt.Dot { return all[i : i+1] }))
		},
		"rows": func(n int) (*crdt.Change, *crdt.Change) { return nil, many(boris, n, place) },
		"moves of rows to the start": func(n int) (*crdt.Change, *crdt.Change) {
			return many(boris, n, place), many(anna, n, func(i int) crdt.Op {
				return crdt.Op{Kind: crdt.OpMove, Path: []string{"parts"}, Row: dotOf(boris, i), ID: uint64(i) + 1, Before: dotOf(boris, 0)}
			})
		},
		"removals of one row that saw a replica each": func(n int) (*crdt.Change, *crdt.Change) {
			return many(boris, 1, place), many(anna, n, func(i int) crdt.Op {
				saw := crdt.Vector{crdt.Replica(1_000_000 - i): 1}
				return crdt.Op{Kind: crdt.OpDrop, Path: []string{"parts"}, Row: dotOf(boris, 0), Saw: saw}
			})
		},
		"amounts": func(n int) (*crdt.Change, *crdt.Change) {
			return nil, many(anna, n, func(int) crdt.Op {
				return crdt.Op{Kind: crdt.OpAdd, Path: []string{"hours"}, Value: 0.25, Has: true}
			})
		},
	} {
		t.Run(what, func(t *testing.T) {
			linear(t, what, 2_500, func(n int) func() {
				d := crdt.NewDocument()
				before, then := work(n)
				if before != nil {
					applied(t, d, before)()
				}
				return applied(t, d, then)
			})
		})
	}
}

// A document of many parts, by many replicas, is written, read and merged in steps.
func TestCost_LargeDocuments(t *testing.T) {
	large := func(n int) *crdt.Document {
		d := crdt.NewDocument()
		applied(t, d, many(boris, n, place))()
		for i := range n {
			applied(t, d, &crdt.Change{Replica: crdt.Replica(i + 1), N: 1, Stamp: 2, Ops: []crdt.Op{
				{Kind: crdt.OpSet, Path: []string{"parts", dotOf(boris, i).String(), "qty"}, Value: 1.0, Has: true},
				{Kind: crdt.OpAdd, Path: []string{fmt.Sprint("hours", i)}, Value: 1.0, Has: true},
				{Kind: crdt.OpInclude, Path: []string{"tags"}, ID: 1, Value: descending(i), Has: true},
			}})()
		}
		return d
	}
	linear(t, "writing", 600, func(n int) func() {
		d := large(n)
		return func() { d.Encode() }
	})
	linear(t, "reading", 600, func(n int) func() {
		value, meta := large(n).Encode()
		return func() {
			if _, err := crdt.Decode(value, meta); err != nil {
				t.Fatal(err)
			}
		}
	})
	linear(t, "merging", 600, func(n int) func() {
		a, b := large(n), large(n)
		applied(t, b, &crdt.Change{Replica: carla, N: 1, Stamp: 3, Ops: []crdt.Op{
			{Kind: crdt.OpSet, Path: []string{"title"}, Value: "x", Has: true},
		}})()
		return func() {
			if _, err := crdt.Merge(a, b); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// What is refused has cost little memory by then, and what is read has too.
func TestCost_Memory(t *testing.T) {
	const n = 20_000
	change := func(ops string) string {
		return `{"doc":"d","n":1,"ops":[` + ops + `],"replica":"00000000000000aa","stamp":"019a2b3c4d5e-000f","type":"a","version":1}`
	}
	for what, text := range map[string]string{
		"operations":     change(strings.Repeat(`{"kind":"create"},`, n/4) + `{"kind":"create"}`),
		"too many":       change(strings.Repeat(`{"kind":"create"},`, n) + `{"kind":"create"}`),
		"no operations":  change(strings.Repeat(`{},`, n) + `{}`),
		"a long path":    change(`{"kind":"unset","path":[` + strings.Repeat(`"",`, n) + `""]}`),
		"lists":          change(`{"kind":"set","path":["a"],"value":[` + strings.Repeat(`[],`, n) + `[]]}`),
		"objects":        change(`{"kind":"set","path":["a"],"value":[` + strings.Repeat(`{},`, n) + `{}]}`),
		"escapes":        change(`{"kind":"set","path":["a"],"value":"` + strings.Repeat(`\n`, n) + `"}`),
		"what comes not": change(strings.Repeat(" ", n)) + "x",
	} {
		if used := allocated(func() { crdt.ParseChange([]byte(text), crdt.Limits{}) }); used > uint64(changeMemory*len(text)) {
			t.Errorf("%s: %d bytes of a change take %d bytes of memory", what, len(text), used)
		}
	}
	const list, set, plain = 6, 4, 6<<3 | 1<<4
	for what, value := range map[string]string{
		"rows":     `{"a":[` + strings.Repeat(`{},`, n) + `{}]}`,
		"elements": `{"a":[` + strings.Repeat(`0,`, n) + `0]}`,
		"objects":  `{"a":` + strings.Repeat(`[{},`, 30) + strings.Repeat(`{},`, n) + `{}` + strings.Repeat(`]`, 30) + `}`,
	} {
		for _, head := range []byte{0, list | 2<<3, list | plain, set | 2<<3} {
			meta := append(metaOf(0, head, 2), make([]byte, n)...)
			size := uint64(len(value) + len(meta))
			if used := allocated(func() { crdt.Decode([]byte(value), meta) }); used > documentMemory*size {
				t.Errorf("%s, head %d: a document of %d bytes takes %d bytes of memory", what, head, size, used)
			}
		}
	}
}

// A change beside a thousand that wait costs what it would cost without them.
func TestCost_HeldChangesAreNotGoneThrough(t *testing.T) {
	const waiting, leans = 1_000, 30
	d := crdt.NewDocument()
	for i := range waiting {
		c := many(crdt.Replica(i+1_000), 1, func(int) crdt.Op {
			op := crdt.Op{Kind: crdt.OpExclude, Path: []string{"tags"}, Value: 1.0, Has: true}
			for k := range leans {
				op.Over = append(op.Over, crdt.Dot{Replica: crdt.Replica(k + 1), Seq: 2})
			}
			return op
		})
		if effect, err := d.Apply(c); err != nil || effect != crdt.Held {
			t.Fatalf("effect %v, error %v", effect, err)
		}
	}
	c := crdt.Change{Replica: anna, Ops: []crdt.Op{{Kind: crdt.OpSet, Path: []string{"title"}, Has: true}}}
	next := func() {
		c.Prev, c.N, c.Stamp = c.N, c.N+1, c.Stamp+1
		if _, err := d.Apply(&c); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(100, next); n > 1 {
		t.Errorf("a change beside %d that wait takes %v allocations", waiting, n)
	}
	for k := range leans {
		applied(t, d, many(crdt.Replica(k+1), 2, include(func(i int) any { return float64(i + 1) })))()
	}
	if value := crdt.Canonical(d.Value()["tags"]); value != "[1,2]" {
		t.Errorf("the set shows %s", value)
	}
	for i := range waiting {
		if n := d.Seen()[crdt.Replica(i+1_000)]; n != 1 {
			t.Fatalf("change %d still waits", i)
		}
	}
}
