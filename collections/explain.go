package collections

import (
	"context"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// Explanation says what somebody may do with a type, or with one record of it, and why.
// It is made of the very [Grant] that lets them or does not.
type Explanation struct {
	Type    string `json:"type"`
	Record  string `json:"record,omitempty"` // "": the type in general
	Deleted bool   `json:"deleted,omitempty"`
	Knows   bool   `json:"knows"` // the type is there for them at all

	See    Verdict `json:"see"`
	Create Verdict `json:"create"` // a record like this one, of the fields they may write
	Edit   Verdict `json:"edit"`   // as it is now; what an edit makes of it is held to the rule too
	Delete Verdict `json:"delete"`

	Fields []FieldVerdict `json:"fields"` // top-level fields, in the type's order
}

// Answer is yes, no, or, where no record is given to ask it of, that it depends on the record.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Depends Answer = "depends"
)

// Reason is why an answer is what it is.
type Reason string

// The reasons.
const (
	ByRole    Reason = "role"    // the role is one that may do nothing here: it is none of the four
	ByScopes  Reason = "scopes"  // the token was made for less
	ByDesign  Reason = "design"  // owners and designers write the rules, which do not bind them
	ByDefault Reason = "default" // no rule is set for this: the role may
	ByRule    Reason = "rule"    // the rule says so: see Rule and Told
	ByTrash   Reason = "trash"   // the record is in the trash, which this role does not look into, or is there already
	ByUnseen  Reason = "unseen"  // they do not see the record, so they can do nothing to it
	ByUnknown Reason = "unknown" // they can neither see nor create anything of the type: it is not there for them
)

// Verdict is one answer and its reason.
type Verdict struct {
	Answer   Answer            `json:"answer"`
	Reason   Reason            `json:"reason"`
	Rule     *schema.Condition `json:"rule,omitempty"`    // as it was written, where a rule decided
	Sentence schema.Sentence   `json:"sentence,omitzero"` // … in words, with the type's labels
	Told     *schema.Told      `json:"told,omitempty"`    // … and how each part of it answered for the record
}

// FieldVerdict says what of a field somebody sees and may write. Only rules narrow it.
type FieldVerdict struct {
	Key      string `json:"key"`
	Title    string `json:"title"`
	Hidden   bool   `json:"hidden,omitempty"`
	ReadOnly bool   `json:"readOnly,omitempty"`
}

// Explain says what as may do with one record of a type, or with the type in general
// where id is "", and why. For those who may edit the rules, who may do so too only for
// a record that they see themselves: NotFound for others.
func (e *Engine) Explain(ctx context.Context, a, as Actor, typ, id string) (*Explanation, error) {
	x, d, err := e.explaining(ctx, a, as, typ, id)
	if err != nil {
		return nil, err
	}
	told := &Explanation{Type: typ, Record: id, Deleted: x.deleted, Knows: x.grant.knows(), Fields: x.fields()}
	told.See = x.see()
	told.Create = x.create()
	told.Edit = x.change(x.grant.Edit, x.grant.basis.rules.Edit, x.grant.basis.reach.write, told.See)
	told.Delete = x.change(x.grant.Delete, x.grant.basis.rules.Delete, x.grant.basis.reach.write, told.See)
	if d != nil && d.Deleted && told.See.Answer == Yes {
		told.Delete = Verdict{Answer: No, Reason: ByTrash}
	}
	return told, nil
}

// Overlook is what somebody finds among the first records of a type.
type Overlook struct {
	Looked  int       `json:"looked"`
	Found   int       `json:"found"`
	More    bool      `json:"more"` // there are records that were not looked at
	Records []Sighted `json:"records"`
}

// Sighted is a record as who asked sees it, and whether the other finds it.
type Sighted struct {
	Document *Document `json:"document"`
	See      Verdict   `json:"see"`
}

// ExplainList takes the first records that a list request finds for a, and says of each
// whether as finds it too, and why. The same may ask as of Explain.
func (e *Engine) ExplainList(ctx context.Context, a, as Actor, typ string, r ListRequest) (*Overlook, error) {
	x, _, err := e.explaining(ctx, a, as, typ, "")
	if err != nil {
		return nil, err
	}
	page, err := e.List(ctx, a, typ, r)
	if err != nil {
		return nil, err
	}
	look := &Overlook{Looked: len(page.Documents), More: page.Next != "", Records: make([]Sighted, len(page.Documents))}
	for i, d := range page.Documents {
		x.value, x.deleted = d.Value, d.Deleted
		look.Records[i] = Sighted{Document: d, See: x.see()}
		if look.Records[i].See.Answer == Yes {
			look.Found++
		}
	}
	return look, nil
}

// explaining is one explanation in the making.
type explaining struct {
	grant   *Grant // of the one it is about
	schema  *schema.Schema
	all     []*Type        // versions
	value   map[string]any // of the record, nil: none is given
	deleted bool
}

// explaining checks who asks, and gathers what there is to say something about. The
// document is as the asker sees it: rules do not bind who may ask, so it is whole.
func (e *Engine) explaining(ctx context.Context, a, as Actor, typ, id string) (*explaining, *Document, error) {
	if err := a.mayDesign(); err != nil {
		return nil, nil, err
	}
	mine, err := e.grant(a, typ)
	if err != nil {
		return nil, nil, err
	}
	rules, _ := e.reg.rules(typ)
	x := &explaining{
		grant: grantOf(as, typ, rules, e.now().UnixMilli()),
		all:   e.reg.versions(typ), schema: e.reg.latest(typ).Schema,
	}
	if id == "" {
		return x, nil, nil
	}
	d, err := e.get(ctx, mine, typ, id)
	if err != nil {
		return nil, nil, err
	}
	x.value, x.deleted = d.Value, d.Deleted
	return x, d, nil
}

// see explains whether the record is found.
func (x *explaining) see() Verdict {
	b := &x.grant.basis
	v := x.verdict(x.grant.See, b.rules.See, b.reach.read, x.value)
	switch {
	case !x.grant.knows() && v.Reason == ByRule:
		v.Reason = ByUnknown
	case v.Answer == Yes && x.value != nil && !x.grant.finds(x.value, x.deleted):
		v = Verdict{Answer: No, Reason: ByTrash}
	}
	return v
}

// create explains whether a record like this one can be made, of the fields that may be written.
func (x *explaining) create() Verdict {
	b := &x.grant.basis
	value := maps.Clone(x.value)
	maps.DeleteFunc(value, func(key string, _ any) bool { return !x.grant.mayWriteField(key) })
	return x.verdict(x.grant.Create, b.rules.Create, b.reach.write, value)
}

// change explains what takes a record that is seen.
func (x *explaining) change(granted, rule *schema.Condition, may bool, see Verdict) Verdict {
	switch {
	case !x.grant.knows():
		return Verdict{Answer: No, Reason: ByUnknown}
	case see.Answer == No:
		return Verdict{Answer: No, Reason: ByUnseen}
	}
	return x.verdict(granted, rule, may, x.value)
}

// verdict gives the answer of what was granted; rule is what that was resolved from, may
// what role and scopes left of it.
func (x *explaining) verdict(granted, rule *schema.Condition, may bool, value map[string]any) Verdict {
	v := Verdict{Answer: answerOf(granted, value), Reason: x.reason(rule, may)}
	if v.Reason == ByRule {
		v.Rule, v.Sentence = rule, rule.Sentence(x.schema)
		if value != nil {
			v.Told = rule.Tell(x.schema, x.grant.basis.vars, value)
		}
	}
	return v
}

// answerOf asks a condition of a value, or, where there is none, in general.
func answerOf(c *schema.Condition, value map[string]any) Answer {
	switch {
	case value != nil && c.Match(value), c.Op == "true":
		return Yes
	case value != nil || isNever(c):
		return No
	}
	return Depends
}

// reason says where a permission comes from.
func (x *explaining) reason(rule *schema.Condition, may bool) Reason {
	role := x.grant.basis.actor.Role
	switch {
	case !role.Includes(Worker):
		return ByRole
	case !may:
		return ByScopes
	case role.Includes(Designer):
		return ByDesign
	case rule == nil:
		return ByDefault
	}
	return ByRule
}

// fields lists the top-level fields, and those of older versions that the rules name.
func (x *explaining) fields() []FieldVerdict {
	list := []FieldVerdict{}
	add := func(key, title string) {
		list = append(list, FieldVerdict{
			Key: key, Title: title,
			Hidden: x.grant.Hidden[key], ReadOnly: !x.grant.mayWriteField(key),
		})
	}
	for _, f := range topFields(x.schema) {
		add(f.Path[0], f.Title)
	}
	named := slices.Concat(x.grant.basis.rules.Hidden, x.grant.basis.rules.ReadOnly)
	for _, key := range slices.Compact(slices.Sorted(slices.Values(named))) {
		if !slices.ContainsFunc(list, func(f FieldVerdict) bool { return f.Key == key }) {
			add(key, x.oldTitle(key))
		}
	}
	return list
}

// oldTitle is the label that a field had last; its key where no version names it.
func (x *explaining) oldTitle(key string) string {
	for _, t := range slices.Backward(x.all) {
		if f, known := t.Schema.Field([]string{key}); known && !slices.Contains(f.Path, "*") {
			return f.Title
		}
	}
	return key
}

// topFields lists the named fields at the top.
func topFields(s *schema.Schema) []schema.Field {
	return slices.DeleteFunc(s.Fields(), func(f schema.Field) bool { return len(f.Path) != 1 || f.Path[0] == "*" })
}
