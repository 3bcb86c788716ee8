package collections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// What a change did to a field, as FieldEvent.Did says it.
const (
	didCreate  = "created"
	didDelete  = "deleted"
	didRestore = "restored"
	didSet     = "set"
	didRemove  = "removed"
	didAdd     = "added"
	didRaise   = "raised"
	didLower   = "lowered"
	didText    = "text"
	didRows    = "rows"
	didInclude = "included"
	didExclude = "excluded"
	didSeveral = "changed"
)

// teller tells what one change did to a document.
type teller struct {
	schemas       []*schema.Schema // for labels; the first that knows a field names it
	change        *crdt.Change
	doc           *crdt.Document // after the change
	before, after map[string]any
	wasDeleted    bool
}

// clause is a part of a sentence: what the change did at one place.
type clause struct {
	did  string
	text schema.Sentence
	lost bool
	loss *Loss
}

// tell gives what the change did, one event for the document itself and one for each
// top-level field that is asked for, in the order of the operations.
func (t *teller) tell(asked func(key string) bool) []FieldEvent {
	var events []FieldEvent
	if asked("") {
		events = t.tellDocument()
	}
	for _, key := range t.keys() {
		if !asked(key) {
			continue
		}
		if event, told := t.tellField(key); told {
			events = append(events, event)
		}
	}
	return events
}

// keys lists the top-level fields that the change is about.
func (t *teller) keys() []string {
	var keys []string
	for i := range t.change.Ops {
		if path := t.change.Ops[i].Path; len(path) > 0 && !slices.Contains(keys, path[0]) {
			keys = append(keys, path[0])
		}
	}
	return keys
}

// tellDocument tells what the change did to the document as a whole.
func (t *teller) tellDocument() []FieldEvent {
	var events []FieldEvent
	tell := func(did string, text schema.Sentence, lost bool) {
		events = append(events, FieldEvent{Label: "Record", Did: did, Text: text, Lost: lost})
	}
	restored := false
	for i := range t.change.Ops {
		switch t.change.Ops[i].Kind {
		case crdt.OpCreate:
			tell(didCreate, schema.Says("Created"), false)
		case crdt.OpDelete:
			if t.doc.Deleted() {
				tell(didDelete, schema.Says("Deleted"), false)
			} else {
				tell(didDelete, schema.Says("Deleted, but kept: somebody had edited it meanwhile"), true)
			}
		case crdt.OpRestore:
			restored = true
			tell(didRestore, schema.Says("Taken out of the trash"), false)
		}
	}
	if t.wasDeleted && !t.doc.Deleted() && !restored {
		tell(didRestore, schema.Says("Back from the trash: this was done without knowing of the deletion"), false)
	}
	return events
}

// maxClauses is how many places of one field a sentence names.
const maxClauses = 8

// tellField tells what the change did to a top-level field; told is false for nothing
// that anybody would call a change.
func (t *teller) tellField(key string) (event FieldEvent, told bool) {
	event = FieldEvent{Field: key, Label: fmt.Sprint(t.name([]string{key})), Before: t.before[key], After: t.after[key]}
	clauses := t.clauses(key)
	for i, c := range clauses {
		switch {
		case i == 0:
			event.Did = c.did
		case event.Did != c.did:
			event.Did = didSeveral
		}
		event.Lost = event.Lost || c.lost
		if c.loss != nil {
			event.Losses = append(event.Losses, *c.loss)
		}
		switch {
		case i == 0:
			event.Text = c.text
		case i < maxClauses:
			event.Text = schema.Says("%s; %s", event.Text, c.text)
		}
	}
	if more := len(clauses) - maxClauses; more > 0 {
		event.Text = schema.Says("%s; %s", event.Text, schema.SaysOf(more, "%d more change", "%d more changes"))
	}
	return event, len(clauses) > 0
}

// clauses tells what the change did at each place of a field, in the order of the
// operations; all operations on one place are told together.
func (t *teller) clauses(key string) []clause {
	var paths [][]string
	at := map[string][]*crdt.Op{}
	for i := range t.change.Ops {
		op := &t.change.Ops[i]
		if len(op.Path) == 0 || op.Path[0] != key || t.isInNewRow(op.Path) {
			continue
		}
		place := strings.Join(op.Path, "\x00")
		if at[place] == nil {
			paths = append(paths, op.Path)
		}
		at[place] = append(at[place], op)
	}
	var clauses []clause
	for _, path := range paths {
		for _, c := range t.tellPlace(path, at[strings.Join(path, "\x00")], len(paths) == 1) {
			if passesRow(path) {
				c.did = didRows
			}
			clauses = append(clauses, c)
		}
	}
	return clauses
}

// isInNewRow reports whether a path goes through a row that this change itself placed:
// to fill it in is part of adding it.
func (t *teller) isInNewRow(path []string) bool {
	for _, segment := range path {
		row, err := crdt.ParseDot(segment)
		if err != nil || row.Replica != t.change.Replica {
			continue
		}
		for i := range t.change.Ops {
			if op := &t.change.Ops[i]; op.Kind == crdt.OpPlace && op.ID == row.Seq {
				return true
			}
		}
	}
	return false
}

// passesRow reports whether a path goes through a row of a list.
func passesRow(path []string) bool {
	return slices.ContainsFunc(path, func(segment string) bool {
		_, err := crdt.ParseDot(segment)
		return err == nil
	})
}
