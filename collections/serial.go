package collections

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// kindSerial is the kind of the items that hold the number given last, by type and
// field. They are written in the commit that gives the number: none is given twice,
// none is left out.
const kindSerial = "serial"

// serial is where the numbers of one field are.
type serial struct {
	Last uint64 `json:"last"`
	rev  uint64 // of the item
}

// serialKey names a field's numbers.
func serialKey(typ string, path []string) string { return typ + pointer(path) }

// number gives a document that was just accepted the numbers it does not have yet, as
// a change of the server's own, right behind in the log.
func (r *round) number(a Actor, w *working) error {
	if w.doc.Deleted() {
		return nil
	}
	var ops []crdt.Op
	for _, f := range r.com.latestTraits(w.key.Type).serials {
		if len(valuesAt(w.doc.Value(), f.Path)) > 0 {
			continue
		}
		n, err := r.nextSerial(serialKey(w.key.Type, f.Path))
		if err != nil {
			return err
		}
		ops = append(ops, crdt.Op{Kind: crdt.OpSet, Path: f.Path, Value: formatSerial(f.Serial, n), Has: true})
	}
	if len(ops) == 0 {
		return nil
	}
	c := r.ownChange(w, r.com.e.reg.latest(w.key.Type).Version, ops)
	doc := w.doc.Clone()
	if _, err := doc.Apply(c); err != nil {
		return fmt.Errorf("collections: numbering %s/%s: %w", w.key.Type, w.key.ID, err)
	}
	r.enter(&admitted{change: c, to: w, doc: doc}, a.Name)
	return nil
}

// nextSerial counts on.
func (r *round) nextSerial(key string) (uint64, error) {
	s, err := r.serial(key)
	if err != nil {
		return 0, err
	}
	s.Last++
	r.setSerial(key, s)
	return s.Last, nil
}

// serial reads where a field's numbers are.
func (r *round) serial(key string) (serial, error) {
	if s, known := r.state.serials[key]; known {
		return s, nil
	}
	item, err := r.com.e.store.Item(r.ctx, kindSerial, key)
	if errors.Is(err, ErrNotFound) {
		return serial{}, nil
	}
	var s serial
	if err == nil {
		s.rev = item.Rev
		err = json.Unmarshal(item.Data, &s)
	}
	if err != nil {
		return serial{}, fmt.Errorf("collections: reading the numbers of %s: %w", key, err)
	}
	return s, nil
}

// setSerial keeps where a field's numbers are, to be written with the round.
func (r *round) setSerial(key string, s serial) {
	r.moves++
	r.state.serials[key] = s
	r.numbered[key] = true
}

// writeSerials makes items of the numbers that moved.
func (r *round) writeSerials() {
	for _, key := range slices.Sorted(maps.Keys(r.numbered)) {
		s := r.state.serials[key]
		data, err := json.Marshal(s)
		if err != nil {
			panic("collections: a number is always JSON: " + err.Error())
		}
		r.item(Item{Kind: kindSerial, Key: key, Rev: s.rev, Data: data})
		s.rev++
		r.state.serials[key] = s
	}
}

// replaySerials makes the numbers tell of those that a change in the log gave.
func (r *round) replaySerials(c *crdt.Change) error {
	if c.Replica != r.state.self.Replica {
		return nil
	}
	for _, f := range r.com.traits(c.Type, c.Version).serials {
		for i := range c.Ops {
			given, ok := c.Ops[i].Value.(string)
			if !ok || c.Ops[i].Kind != crdt.OpSet || !slices.Equal(c.Ops[i].Path, f.Path) {
				continue
			}
			key := serialKey(c.Type, f.Path)
			s, err := r.serial(key)
			if err != nil {
				return err
			}
			if n, ok := parseSerial(f.Serial, given); ok && n > s.Last {
				s.Last = n
				r.setSerial(key, s)
			}
		}
	}
	return nil
}

// formatSerial writes a number into a pattern: "WO-{0000}" and 7 give "WO-0007". A
// number that has outgrown its zeros is written whole.
func formatSerial(pattern string, n uint64) string {
	before, zeros, after := splitSerial(pattern)
	return fmt.Sprintf("%s%0*d%s", before, zeros, n, after)
}

// parseSerial reads what formatSerial wrote.
func parseSerial(pattern, s string) (uint64, bool) {
	before, _, after := splitSerial(pattern)
	s, ok1 := strings.CutPrefix(s, before)
	s, ok2 := strings.CutSuffix(s, after)
	n, err := strconv.ParseUint(s, 10, 64)
	return n, ok1 && ok2 && err == nil
}

// splitSerial takes a pattern apart: what is before the number, how many digits it has
// at least, what is after it. The schema package has checked it.
func splitSerial(pattern string) (before string, digits int, after string) {
	before, rest, _ := strings.Cut(pattern, "{")
	zeros, after, _ := strings.Cut(rest, "}")
	return before, len(zeros), after
}
