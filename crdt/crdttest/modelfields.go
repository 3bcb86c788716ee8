package crdttest

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/fieldstack/fieldstack/crdt"
)

// value is what a field shows, false if nothing.
func (m *model) value(f *field) (any, bool) {
	switch f.strategy {
	case crdt.Register:
		last := newest(f.writes).op
		return last.Value, last.Kind == crdt.OpSet
	case crdt.Conflict:
		return f.candidate()
	case crdt.Counter:
		sum := f.sum()
		v, _ := sum.Float64()
		return v, sum.Sign() != 0 || !f.hidden()
	case crdt.Max, crdt.Min:
		return f.extreme(), true
	case crdt.Set:
		values := f.elements()
		return values, len(values) > 0 || !f.hidden()
	case crdt.Text:
		text := f.text()
		return text, text != "" || !f.hidden()
	case crdt.List:
		values := m.rows(f)
		return values, len(values) > 0 || !f.hidden()
	}
	object := map[string]any{}
	for _, k := range f.children {
		if v, shows := m.value(m.fields[key(append(slices.Clone(f.path), k))]); shows {
			object[k] = v
		}
	}
	return object, len(object) > 0 || !f.hidden() || len(f.path) == 0
}

// candidate is the newest value that no assignment replaced.
func (f *field) candidate() (any, bool) {
	var standing []write
	for _, w := range f.writes {
		id := crdt.Dot{Replica: w.c.Replica, Seq: w.op.ID}
		replaced := slices.ContainsFunc(f.writes, func(v write) bool { return slices.Contains(v.op.Over, id) })
		if !replaced {
			standing = append(standing, w)
		}
	}
	shown := newest(standing).op
	return shown.Value, shown.Has
}

// sum adds up decimals.
func (f *field) sum() *big.Rat {
	sum := new(big.Rat)
	for _, w := range f.writes {
		amount, _ := new(big.Rat).SetString(strconv.FormatFloat(w.op.Value.(float64), 'f', -1, 64))
		sum.Add(sum, amount)
	}
	return sum
}

func (f *field) extreme() any {
	values := make([]any, len(f.writes))
	for i, w := range f.writes {
		values[i] = w.op.Value
	}
	slices.SortFunc(values, compareReadings)
	if f.strategy == crdt.Max {
		return values[len(values)-1]
	}
	return values[0]
}

// compareReadings: numbers by size, then strings by bytes.
func compareReadings(a, b any) int {
	x, isX := a.(float64)
	y, isY := b.(float64)
	switch {
	case isX && isY:
		return int(big.NewFloat(x).Cmp(big.NewFloat(y)))
	case isX:
		return -1
	case isY:
		return 1
	}
	return strings.Compare(a.(string), b.(string))
}

// elements: what was included by an operation that no exclusion of it names.
func (f *field) elements() []any {
	values := []any{}
	for _, w := range f.writes {
		if w.op.Kind != crdt.OpInclude {
			continue
		}
		id := crdt.Dot{Replica: w.c.Replica, Seq: w.op.ID}
		removed := slices.ContainsFunc(f.writes, func(v write) bool {
			return v.op.Kind == crdt.OpExclude && v.op.Value == w.op.Value && slices.Contains(v.op.Over, id)
		})
		if !removed && !slices.Contains(values, w.op.Value) {
			values = append(values, w.op.Value)
		}
	}
	SortScalars(values)
	return values
}

// SortScalars sorts as a set shows its elements: null, false, true, numbers by size,
// strings by UTF-16 code units.
func SortScalars(values []any) {
	rank := func(v any) int {
		switch v := v.(type) {
		case bool:
			if v {
				return 2
			}
			return 1
		case float64:
			return 3
		case string:
			return 4
		}
		return 0
	}
	slices.SortFunc(values, func(a, b any) int {
		if rank(a) != rank(b) {
			return rank(a) - rank(b)
		}
		if x, ok := a.(float64); ok {
			return big.NewFloat(x).Cmp(big.NewFloat(b.(float64)))
		}
		if s, ok := a.(string); ok {
			return slices.Compare(utf16.Encode([]rune(s)), utf16.Encode([]rune(b.(string))))
		}
		return 0
	})
}

// text reads all code points ever typed in their order, less those that were cut.
func (f *field) text() string {
	var typed []insertion
	letters := map[crdt.Dot]rune{}
	cut := map[crdt.Dot]bool{}
	for _, w := range f.writes {
		for _, d := range cutBy(w.op) {
			cut[d] = true
		}
		after := w.op.After
		for i, r := range []rune(w.op.Text) {
			id := crdt.Dot{Replica: w.c.Replica, Seq: w.op.ID + uint64(i)}
			typed = append(typed, insertion{id, after, w.op.Before})
			letters[id] = r
			after = id
		}
	}
	var text strings.Builder
	for _, id := range readOrder(typed) {
		if !cut[id] {
			text.WriteRune(letters[id])
		}
	}
	return text.String()
}

// rows reads all places in their order; each row is at the newest it was moved to.
func (m *model) rows(f *field) []any {
	var places []insertion
	values := map[crdt.Dot]any{} // by place
	for _, w := range f.writes {
		if w.op.Kind == crdt.OpPlace || w.op.Kind == crdt.OpMove {
			id := crdt.Dot{Replica: w.c.Replica, Seq: w.op.ID}
			places = append(places, insertion{id, w.op.After, w.op.Before})
		}
	}
	for _, w := range f.writes {
		if w.op.Kind != crdt.OpPlace {
			continue
		}
		id := crdt.Dot{Replica: w.c.Replica, Seq: w.op.ID}
		if m.alive(f, id, w.c) {
			values[f.standsAt(id)] = m.row(f, id)
		}
	}
	shown := []any{}
	for _, place := range readOrder(places) {
		if v, ok := values[place]; ok {
			shown = append(shown, v)
		}
	}
	return shown
}

// standsAt is the place of the newest move of the row, else its own.
func (f *field) standsAt(id crdt.Dot) crdt.Dot {
	var moves []write
	for _, w := range f.writes {
		if w.op.Kind == crdt.OpMove && w.op.Row == id {
			moves = append(moves, w)
		}
	}
	if len(moves) == 0 {
		return id
	}
	last := newest(moves)
	return crdt.Dot{Replica: last.c.Replica, Seq: last.op.ID}
}

// alive: no removal, or an edit of the contents, by another change than the one that
// placed the row, that no removal saw.
func (m *model) alive(f *field, id crdt.Dot, placed *crdt.Change) bool {
	var drops []write
	for _, w := range f.writes {
		if w.op.Kind == crdt.OpDrop && w.op.Row == id {
			drops = append(drops, w)
		}
	}
	inside := append(slices.Clone(f.path), id.String())
	for _, c := range m.ready {
		edits := slices.ContainsFunc(c.Ops, func(op crdt.Op) bool {
			return len(op.Path) >= len(inside) && slices.Equal(op.Path[:len(inside)], inside)
		})
		if edits && c != placed && !sawChange(drops, c) {
			return true
		}
	}
	return len(drops) == 0
}

// row is what a row shows; {} if nobody wrote to it or what was written is gone.
func (m *model) row(f *field, id crdt.Dot) any {
	if content := m.fields[key(append(slices.Clone(f.path), id.String()))]; content != nil {
		if v, shows := m.value(content); shows {
			return v
		}
	}
	return map[string]any{}
}
