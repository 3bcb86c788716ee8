package crdttest

import (
	"cmp"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// State is what a set of changes comes to.
type State struct {
	Value   map[string]any
	Exists  bool
	Deleted bool
	Seen    crdt.Vector // the last change of each replica that leans on nothing missing
	Waiting int         // changes that lean on one that is not in the set
}

// Model works out what a set of changes comes to. The order of the changes does not
// matter, and neither does how often one occurs.
func Model(changes []*crdt.Change) State {
	ready := inOrder(changes)
	m := &model{ready: ready, fields: map[string]*field{}}
	m.field(nil, crdt.Map)
	for _, c := range ready {
		for i := range c.Ops {
			m.enter(c, &c.Ops[i])
		}
	}
	value, _ := m.value(m.fields[""])
	s := State{Value: value.(map[string]any), Waiting: len(distinct(changes)) - len(ready)}
	s.Exists = slices.ContainsFunc(ready, func(c *crdt.Change) bool { return has(c, crdt.OpCreate) })
	s.Deleted = m.deleted()
	s.Seen = crdt.Vector{}
	for _, c := range ready {
		s.Seen[c.Replica] = max(s.Seen[c.Replica], c.N)
	}
	return s
}

func has(c *crdt.Change, kind crdt.Kind) bool {
	return slices.ContainsFunc(c.Ops, func(op crdt.Op) bool { return op.Kind == kind })
}

// distinct leaves each change once, sorted by replica and number.
func distinct(changes []*crdt.Change) []*crdt.Change {
	sorted := slices.Clone(changes)
	slices.SortFunc(sorted, func(a, b *crdt.Change) int {
		return cmp.Or(cmp.Compare(a.Replica, b.Replica), cmp.Compare(a.N, b.N))
	})
	return slices.CompactFunc(sorted, func(a, b *crdt.Change) bool { return a.Replica == b.Replica && a.N == b.N })
}

// inOrder gives the changes that lean on nothing missing, causes before effects.
func inOrder(changes []*crdt.Change) []*crdt.Change {
	waiting := distinct(changes)
	var ready []*crdt.Change
	made, last := crdt.Vector{}, crdt.Vector{} // elements, changes
	for moved := true; moved; {
		moved = false
		var still []*crdt.Change
		for _, c := range waiting {
			if c.Prev > last[c.Replica] || !mentionsOnly(c, made) {
				still = append(still, c)
				continue
			}
			ready = append(ready, c)
			last[c.Replica] = c.N
			for _, d := range makes(c) {
				made[d.Replica] = max(made[d.Replica], d.Seq)
			}
			moved = true
		}
		waiting = still
	}
	return ready
}

// makes lists the elements a change makes.
func makes(c *crdt.Change) []crdt.Dot {
	var dots []crdt.Dot
	for _, op := range c.Ops {
		if op.ID == 0 {
			continue
		}
		for i := range max(1, len([]rune(op.Text))) {
			dots = append(dots, crdt.Dot{Replica: c.Replica, Seq: op.ID + uint64(i)})
		}
	}
	return dots
}

// mentionsOnly reports whether all elements that c points at are made, or never will
// be: a replica's elements come in the order of their numbers. Those of its own author
// come before it or not at all.
func mentionsOnly(c *crdt.Change, made crdt.Vector) bool {
	return !slices.ContainsFunc(mentions(c), func(d crdt.Dot) bool {
		return d.Replica != c.Replica && d.Seq > made[d.Replica]
	})
}

// mentions lists the elements that a change points at.
func mentions(c *crdt.Change) []crdt.Dot {
	var dots []crdt.Dot
	for i := range c.Ops {
		op := &c.Ops[i]
		for _, segment := range op.Path {
			if row, err := crdt.ParseDot(segment); err == nil {
				dots = append(dots, row)
			}
		}
		dots = append(dots, op.After, op.Before, op.Row)
		dots = append(append(dots, op.Over...), cutBy(op)...)
	}
	return dots
}

// cutBy lists the code points a cut removes.
func cutBy(op *crdt.Op) []crdt.Dot {
	var dots []crdt.Dot
	for _, s := range op.Spans {
		for i := range s.Len {
			dots = append(dots, crdt.Dot{Replica: s.Start.Replica, Seq: s.Start.Seq + i})
		}
	}
	return dots
}

// model is all operations, by field.
type model struct {
	ready  []*crdt.Change
	fields map[string]*field
}

// field is one field and all operations on it.
type field struct {
	path     []string
	strategy crdt.Strategy
	writes   []write
	ensures  []write
	children []string // of a map: keys; of a list: rows with contents
}

// write is an operation and the change it is in.
type write struct {
	op *crdt.Op
	c  *crdt.Change
}

// key names a field; no segment has a zero byte.
func key(path []string) string {
	s := ""
	for _, segment := range path {
		s += segment + "\x00"
	}
	return s
}

func (m *model) field(path []string, s crdt.Strategy) *field {
	f := m.fields[key(path)]
	if f == nil {
		f = &field{path: slices.Clone(path), strategy: s}
		m.fields[key(path)] = f
	}
	return f
}

var strategies = map[crdt.Kind]crdt.Strategy{
	crdt.OpSet: crdt.Register, crdt.OpUnset: crdt.Register, crdt.OpAssign: crdt.Conflict,
	crdt.OpAdd: crdt.Counter, crdt.OpRaise: crdt.Max, crdt.OpLower: crdt.Min,
	crdt.OpInclude: crdt.Set, crdt.OpExclude: crdt.Set, crdt.OpInsert: crdt.Text, crdt.OpCut: crdt.Text,
	crdt.OpPlace: crdt.List, crdt.OpMove: crdt.List, crdt.OpDrop: crdt.List,
}

// enter files one operation under its field, and the field under those above it.
func (m *model) enter(c *crdt.Change, op *crdt.Op) {
	if len(op.Path) == 0 {
		return
	}
	for i, segment := range op.Path {
		strategy := crdt.Map
		if i > 0 && isRow(segment) {
			strategy = crdt.List
		}
		above := m.field(op.Path[:i], strategy)
		if !slices.Contains(above.children, segment) {
			above.children = append(above.children, segment)
		}
	}
	if op.Kind == crdt.OpEnsure {
		f := m.field(op.Path, op.As)
		f.ensures = append(f.ensures, write{op, c})
		return
	}
	f := m.field(op.Path, strategies[op.Kind])
	f.writes = append(f.writes, write{op, c})
}

func isRow(segment string) bool {
	_, err := crdt.ParseDot(segment)
	return err == nil
}

// newest is the write with the newest stamp.
func newest(writes []write) write {
	return slices.MaxFunc(writes, compareWrites)
}

func compareWrites(a, b write) int {
	return cmp.Or(a.c.FullStamp().Compare(b.c.FullStamp()), cmp.Compare(a.c.N, b.c.N), cmp.Compare(a.op.ID, b.op.ID))
}

// hidden reports whether the last word was that the field hides while empty.
func (f *field) hidden() bool {
	return len(f.ensures) > 0 && newest(f.ensures).op.Value == false
}

// deleted: there was a deletion, and no change that does more than delete is unseen
// by all of them. A deletion has seen the change it is in.
func (m *model) deleted() bool {
	var deletions []write
	for _, c := range m.ready {
		for i := range c.Ops {
			if c.Ops[i].Kind == crdt.OpDelete {
				deletions = append(deletions, write{&c.Ops[i], c})
			}
		}
	}
	for _, c := range m.ready {
		edits := slices.ContainsFunc(c.Ops, func(op crdt.Op) bool { return op.Kind != crdt.OpDelete })
		if edits && !sawChange(deletions, c) {
			return false
		}
	}
	return len(deletions) > 0
}

// sawChange reports whether one of the removals saw the change.
func sawChange(removals []write, c *crdt.Change) bool {
	return slices.ContainsFunc(removals, func(r write) bool {
		return r.op.Saw[c.Replica] >= c.N || r.c.Replica == c.Replica && r.c.N >= c.N
	})
}
