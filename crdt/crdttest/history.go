package crdttest

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// History is what happens to some copies of a document, written down step by step, so that
// it can be played again, less of it can be played, and another implementation of the merge
// can play it too and be held against this one.
type History struct {
	Seed  uint64   `json:"seed"`
	Docs  int      `json:"docs"`
	Plan  planText `json:"plan"`
	Steps []Step   `json:"steps"`
}

// Step is one thing that happens. What it names and is not there, because the step that
// made it was left out, makes it do nothing.
type Step struct {
	Do string `json:"do"` // edit, put, give, offer, reload, merge, load or look
	On int    `json:"on"` // the copy that it happens to

	// edit, put: who makes the change, and what they do or what the record is to be
	As       int             `json:"as,omitempty"` // the number by which it is known from then on
	By       string          `json:"by,omitempty"`
	N        uint64          `json:"n,omitempty"`
	Stamp    string          `json:"stamp,omitempty"`
	Planless bool            `json:"planless,omitempty"`
	Calls    []Call          `json:"calls,omitempty"`
	Value    json.RawMessage `json:"value,omitempty"`

	Change int    `json:"change,omitempty"` // give
	Brief  bool   `json:"brief,omitempty"`  // give: of what became of the copy is told later
	Text   string `json:"text,omitempty"`   // offer: a change in JSON, perhaps a bad one
	With   int    `json:"with,omitempty"`   // merge

	// load: the copy becomes what this one made of it, which the other cannot
	Recent  []int  `json:"-"` // by compacting it
	Written string `json:"written,omitempty"`
	Meta    string `json:"meta,omitempty"`
}

// Call is one call of an editor.
type Call struct {
	Call  string          `json:"call"`
	Path  []string        `json:"path,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
	From  json.RawMessage `json:"from,omitempty"` // rebase
	Row   string          `json:"row,omitempty"`
	At    int             `json:"at,omitempty"`
	N     int             `json:"n,omitempty"`
	Text  string          `json:"text,omitempty"`
}

// planText is a plan that is written as a device is sent it.
type planText struct{ *crdt.Plan }

func (p planText) MarshalJSON() ([]byte, error) {
	var row, rest *planText
	fields := map[string]planText{}
	for key, plan := range p.Fields {
		fields[key] = planText{plan}
	}
	if p.Row != nil {
		row = &planText{p.Row}
	}
	if p.Rest != nil {
		rest = &planText{p.Rest}
	}
	return json.Marshal(struct {
		Strategy crdt.Strategy       `json:"strategy"`
		Fields   map[string]planText `json:"fields,omitempty"`
		Rest     *planText           `json:"rest,omitempty"`
		Row      *planText           `json:"row,omitempty"`
	}{p.Strategy, fields, rest, row})
}

// Player plays a history with this implementation.
type Player struct {
	plan    *crdt.Plan
	docs    []*crdt.Document
	changes map[int]*crdt.Change // by their numbers
}

// NewPlayer gives one that is about to play h.
func NewPlayer(h *History) *Player {
	p := &Player{plan: h.Plan.Plan, changes: map[int]*crdt.Change{}}
	for range h.Docs {
		p.docs = append(p.docs, crdt.NewDocument())
	}
	return p
}

// Play plays a step and tells, in a text, everything that can be seen of it. A load step is
// given what it loads.
func (p *Player) Play(s *Step) string {
	d := p.docs[s.On]
	switch s.Do {
	case "edit":
		return p.edit(d, s)
	case "put":
		return p.put(d, s)
	case "give":
		c := p.changes[s.Change]
		switch {
		case c == nil:
			return "nothing"
		case s.Brief:
			return give(d, c)
		}
		return give(d, c) + "\n" + state(d)
	case "offer":
		c, err := crdt.ParseChange([]byte(s.Text), crdt.Limits{})
		if err != nil {
			return "no change" + blame(err)
		}
		return give(d, c) + "\n" + state(d)
	case "reload":
		again, err := crdt.Decode(d.Encode())
		if err != nil {
			return "unreadable"
		}
		p.docs[s.On] = again
	case "merge":
		merged, err := crdt.Merge(d, p.docs[s.With])
		if err != nil {
			return "refused"
		}
		p.docs[s.On] = merged
	case "load":
		p.compact(d, s)
	case "look":
		return look(d)
	}
	return state(p.docs[s.On])
}

// compact folds the copy as if so much were recent, if it can, and notes what it is then.
func (p *Player) compact(d *crdt.Document, s *Step) {
	var recent []*crdt.Change
	for _, number := range s.Recent {
		if c := p.changes[number]; c != nil {
			recent = append(recent, c)
		}
	}
	_ = d.Compact(recent) // an error leaves it as it was
	value, meta := d.Encode()
	s.Written, s.Meta = string(value), hex.EncodeToString(meta)
}

func (p *Player) planOf(s *Step) *crdt.Plan {
	if s.Planless {
		return nil
	}
	return p.plan
}

func (p *Player) edit(d *crdt.Document, s *Step) string {
	by, _ := crdt.ParseReplica(s.By)
	e := d.Edit(by, p.planOf(s))
	var told strings.Builder
	for i := range s.Calls {
		told.WriteString(s.Calls[i].make(e) + " ")
	}
	return told.String() + crdt.Canonical(e.Value()) + p.make(d, s, e.Ops())
}

func (p *Player) put(d *crdt.Document, s *Step) string {
	by, _ := crdt.ParseReplica(s.By)
	ops, err := d.Diff(by, s.object(), p.planOf(s))
	if err != nil {
		return "refused"
	}
	return p.make(d, s, ops)
}

func (s *Step) object() map[string]any {
	object, _ := parsed(s.Value).(map[string]any)
	return object
}

func parsed(text []byte) any {
	v, err := crdt.ParseValue(text, crdt.Limits{})
	if err != nil {
		panic(err) // the history was written wrong
	}
	return v
}

// make notes a change and tells it.
func (p *Player) make(d *crdt.Document, s *Step, ops []crdt.Op) string {
	by, _ := crdt.ParseReplica(s.By)
	var stamp crdt.Time
	if err := stamp.UnmarshalText([]byte(s.Stamp)); err != nil {
		panic(err)
	}
	c := changeTo(d, by, s.N, stamp, ops)
	if c.Prev >= c.N {
		c.Prev = 0 // the history leaves out that somebody else was called so
	}
	p.changes[s.As] = c
	return "\n" + string(crdt.AppendChange(nil, c))
}

// make makes the call and tells what came of it.
func (c *Call) make(e *crdt.Editor) string {
	row, _ := crdt.ParseDot(c.Row)
	id, err := crdt.Dot{}, error(nil)
	switch c.Call {
	case "add":
		err = e.Add(c.Path, parsed(c.Value).(float64))
	case "delete":
		e.Delete()
	case "exclude":
		err = e.Exclude(c.Path, parsed(c.Value))
	case "include":
		err = e.Include(c.Path, parsed(c.Value))
	case "insertRow":
		id, err = e.InsertRow(c.Path, c.At, parsed(c.Value))
	case "moveRow":
		err = e.MoveRow(c.Path, row, c.At)
	case "pick":
		err = e.Pick(c.Path, parsed(c.Value))
	case "put":
		err = e.Put(c.Path, parsed(c.Value))
	case "putAll":
		err = e.PutAll(parsed(c.Value).(map[string]any))
	case "rebase":
		err = e.Rebase(c.Path[0], parsed(c.From).(map[string]any), parsed(c.Value).(map[string]any))
	case "remove":
		err = e.Remove(c.Path)
	case "removeRow":
		err = e.RemoveRow(c.Path, row)
	case "restore":
		e.Restore()
	case "splice":
		err = e.Splice(c.Path, c.At, c.N, c.Text)
	}
	switch {
	case err != nil:
		return "refused"
	case id != crdt.Dot{}:
		return id.String()
	}
	return "done"
}

// give gives a change to a document.
func give(d *crdt.Document, c *crdt.Change) string {
	told := "leans on nothing"
	if ref, missing := d.Missing(c); missing && ref.Prev > 0 {
		told = fmt.Sprintf("leans on %d", ref.Prev)
	} else if missing {
		told = "leans on " + ref.Element.String()
	}
	told += ", check" + blame(d.Check(c))
	effect, err := d.Apply(c)
	if err != nil {
		return told + ", refused" + blame(err)
	}
	return told + ", " + []string{"applied", "duplicate", "held"}[effect]
}

// blame says what an error names.
func blame(err error) string {
	var bad *crdt.OpError
	var value *crdt.ValueError
	switch {
	case errors.As(err, &bad):
		path := []any{}
		for _, segment := range bad.Path {
			path = append(path, segment)
		}
		return fmt.Sprintf(" blames %d %s", bad.Index, crdt.Canonical(path))
	case errors.As(err, &value):
		return " blames " + value.Path
	}
	return " passes"
}

// state is a document as it is stored, and what that does not show.
func state(d *crdt.Document) string {
	value, meta := d.Encode()
	return fmt.Sprintf("%s\n%x\nexists %v, deleted %v", value, meta, d.Exists(), d.Deleted())
}

// look tells what can be asked of a document.
func look(d *crdt.Document) string {
	var told strings.Builder
	for _, r := range replicasOf(d) {
		fmt.Fprintf(&told, "%s %d %d\n", r, d.Seen()[r], d.NextID(r))
	}
	for _, dis := range d.Disagreements() {
		told.WriteString(strings.Join(dis.Path, "/"))
		for _, c := range dis.Values {
			told.WriteString(" " + c.ID.String() + " " + c.Stamp.Time.String() + " ")
			if !c.Absent {
				told.WriteString(crdt.Canonical(c.Value))
			}
		}
		told.WriteString("\n")
	}
	lookAround(&told, d, d.Value(), nil)
	return told.String()
}
