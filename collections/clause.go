package collections

import (
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// tellPlace tells what the change did at one place, by the kind of the operations,
// which all belong to one strategy. alone says that nothing else of the field changed.
func (t *teller) tellPlace(path []string, ops []*crdt.Op, alone bool) []clause {
	if only := ops[0]; len(ops) == 1 && only.Kind == crdt.OpEnsure {
		return t.tellEnsure(path, only, alone)
	}
	ops = slices.DeleteFunc(slices.Clone(ops), func(op *crdt.Op) bool { return op.Kind == crdt.OpEnsure })
	var clauses []clause
	switch ops[0].Kind {
	case crdt.OpSet, crdt.OpUnset:
		clauses = append(clauses, t.tellSet(path, ops[0]))
	case crdt.OpAssign:
		clauses = append(clauses, t.tellAssign(path, ops[0]))
	case crdt.OpAdd:
		clauses = append(clauses, t.tellAdd(path, ops))
	case crdt.OpRaise, crdt.OpLower:
		clauses = append(clauses, t.tellExtreme(path, ops[0]))
	case crdt.OpInclude, crdt.OpExclude:
		clauses = t.tellSetOf(path, ops)
	case crdt.OpInsert, crdt.OpCut:
		clauses = append(clauses, t.tellText(path, ops))
	case crdt.OpPlace, crdt.OpMove, crdt.OpDrop:
		clauses = t.tellRows(path, ops)
	}
	return clauses
}

// tellSet tells of a register: its value shows, or a newer one does.
func (t *teller) tellSet(path []string, op *crdt.Op) clause {
	c := clause{did: didSet, text: t.label(path) + " to " + say(op.Value)}
	if op.Kind == crdt.OpUnset {
		c = clause{did: didRemove, text: t.label(path) + " cleared"}
	}
	now, there := t.at(path)
	if there == (op.Kind == crdt.OpSet) && (!there || crdt.EqualValues(now, op.Value)) {
		return c
	}
	c.lost, c.loss = true, &Loss{Path: path, Wrote: op.Value}
	if there {
		c.text += ", but a newer value was there: " + say(now)
	} else {
		c.text += ", but it had been cleared since"
	}
	return c
}

// tellAssign tells of a field that keeps all values until somebody picks.
func (t *teller) tellAssign(path []string, op *crdt.Op) clause {
	c := clause{did: didSet, text: t.label(path) + " to " + say(op.Value)}
	if !op.Has {
		c = clause{did: didRemove, text: t.label(path) + " cleared"}
	}
	var others []string
	for _, d := range t.doc.Disagreements() {
		if !slices.Equal(d.Path, path) {
			continue
		}
		for _, v := range d.Values {
			if v.ID != (crdt.Dot{Replica: t.change.Replica, Seq: op.ID}) {
				others = append(others, sayCandidate(v))
			}
		}
	}
	if others != nil {
		c.text += ", while others say " + strings.Join(others, ", ")
	}
	return c
}

func sayCandidate(v crdt.Candidate) string {
	if v.Absent {
		return "nothing"
	}
	return say(v.Value)
}

// tellAdd tells of a counter.
func (t *teller) tellAdd(path []string, ops []*crdt.Op) clause {
	sum := 0.0
	for _, op := range ops {
		amount, _ := op.Value.(float64)
		sum += amount
	}
	if sum < 0 {
		return clause{did: didAdd, text: say(-sum) + " taken from " + t.label(path)}
	}
	return clause{did: didAdd, text: say(sum) + " added to " + t.label(path)}
}

// tellExtreme tells of a maximum or a minimum.
func (t *teller) tellExtreme(path []string, op *crdt.Op) clause {
	did, other := didRaise, "more"
	if op.Kind == crdt.OpLower {
		did, other = didLower, "less"
	}
	now, _ := t.at(path)
	if crdt.EqualValues(now, op.Value) {
		return clause{did: did, text: t.label(path) + " " + did + " to " + say(op.Value)}
	}
	return clause{
		did: did, lost: true, loss: &Loss{Path: path, Wrote: op.Value},
		text: t.label(path) + " to " + say(op.Value) + ", but " + say(now) + " was there, which is " + other,
	}
}

// tellSetOf tells what came into a set and what went.
func (t *teller) tellSetOf(path []string, ops []*crdt.Op) []clause {
	var in, out, kept []string
	now, _ := t.at(path)
	elements, _ := now.([]any)
	for _, op := range ops {
		has := slices.ContainsFunc(elements, func(v any) bool { return crdt.EqualValues(v, op.Value) })
		switch {
		case op.Kind == crdt.OpInclude:
			in = append(in, say(op.Value))
		case has:
			kept = append(kept, say(op.Value))
		default:
			out = append(out, say(op.Value))
		}
	}
	var clauses []clause
	if in != nil {
		clauses = append(clauses, clause{did: didInclude, text: strings.Join(in, ", ") + " added to " + t.label(path)})
	}
	if out != nil {
		clauses = append(clauses, clause{did: didExclude, text: strings.Join(out, ", ") + " taken out of " + t.label(path)})
	}
	if kept != nil {
		text := strings.Join(kept, ", ") + " taken out of " + t.label(path) + ", but kept: somebody had added it meanwhile"
		clauses = append(clauses, clause{did: didExclude, text: text, lost: true})
	}
	return clauses
}

// tellText tells what was typed and how much was removed.
func (t *teller) tellText(path []string, ops []*crdt.Op) clause {
	var typed []string
	removed := 0
	for _, op := range ops {
		if op.Kind == crdt.OpInsert {
			typed = append(typed, op.Text)
		}
		for _, span := range op.Spans {
			removed += int(span.Len)
		}
	}
	label := t.label(path)
	gone := counted(removed, "character") + " removed"
	switch {
	case typed == nil:
		return clause{did: didText, text: gone + " from " + label}
	case removed == 0:
		return clause{did: didText, text: quote(typed) + " added to " + label}
	}
	return clause{did: didText, text: quote(typed) + " added to " + label + " and " + gone}
}

// tellRows tells which rows came, went and moved.
func (t *teller) tellRows(path []string, ops []*crdt.Op) []clause {
	added, moved, dropped, kept := 0, 0, 0, 0
	rows := t.doc.Rows(path...)
	for _, op := range ops {
		shows := slices.ContainsFunc(rows, func(r crdt.Row) bool { return r.ID == op.Row })
		switch {
		case op.Kind == crdt.OpPlace:
			added++
		case op.Kind == crdt.OpMove:
			moved++
		case shows:
			kept++
		default:
			dropped++
		}
	}
	label := t.label(path)
	var clauses []clause
	tell := func(n int, text string, lost bool) {
		if n > 0 {
			clauses = append(clauses, clause{did: didRows, text: counted(n, "row") + text, lost: lost})
		}
	}
	tell(added, " added to "+label, false)
	tell(moved, " of "+label+" moved", false)
	tell(dropped, " removed from "+label, false)
	tell(kept, " removed from "+label+", but kept: somebody had edited it meanwhile", true)
	return clauses
}

// tellEnsure tells that a field shows while it is empty, or does not. Where more was
// done to the field, that tells it.
func (t *teller) tellEnsure(path []string, op *crdt.Op, alone bool) []clause {
	switch {
	case !alone:
		return nil
	case op.Value == true && op.As == crdt.Counter:
		return []clause{{did: didSet, text: t.label(path) + " to 0"}}
	case op.Value == true:
		return []clause{{did: didSet, text: t.label(path) + " to empty"}}
	}
	return []clause{{did: didRemove, text: t.label(path) + " cleared"}}
}

// at is the value at a path after the change; row ids stand for rows.
func (t *teller) at(path []string) (value any, there bool) {
	value = t.after
	for i, segment := range path {
		switch v := value.(type) {
		case map[string]any:
			if value, there = v[segment]; !there {
				return nil, false
			}
		case []any:
			rows := t.doc.Rows(path[:i]...)
			row := slices.IndexFunc(rows, func(r crdt.Row) bool { return r.ID.String() == segment })
			if row < 0 {
				return nil, false
			}
			value, there = rows[row].Value, true
		default:
			return nil, false
		}
	}
	return value, there
}
