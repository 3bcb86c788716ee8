package collections

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// Rules say, per type, what each role may do beyond the defaults (owner, designer and
// editor: all; worker: see, create, edit and delete all). They are JSON that the
// studio edits; nil members mean the default. Rules are read only once set.
//
// Only editors and workers have rules: whoever may write the rules could undo those
// that narrow him, so for owners and designers there are none.
type Rules struct {
	Roles map[Role]*RoleRules `json:"roles"`
}

// RoleRules are one role's rules. Conditions are on the document's value: See, Edit
// and Delete on the value as it is (Edit also as it would become), Create on the new value.
type RoleRules struct {
	See      *schema.Condition `json:"see,omitempty"`
	Create   *schema.Condition `json:"create,omitempty"`
	Edit     *schema.Condition `json:"edit,omitempty"`
	Delete   *schema.Condition `json:"delete,omitempty"`
	Hidden   []string          `json:"hidden,omitempty"`   // top-level fields that are not there for this role
	ReadOnly []string          `json:"readOnly,omitempty"` // top-level fields it may not write
}

// of gives a role's rules, never nil.
func (r *Rules) of(role Role) *RoleRules {
	if r == nil || role.Includes(Designer) || r.Roles[role] == nil {
		return &RoleRules{}
	}
	return r.Roles[role]
}

// kindRules is the kind of the items that keep rules; the key is the type's name.
const kindRules = "rules"

// Rules reads a type's rules, for a designer. They are never nil; whoever wants to
// change them makes new ones.
func (e *Engine) Rules(ctx context.Context, a Actor, name string) (*Rules, error) {
	if err := a.mayDesign(); err != nil {
		return nil, err
	}
	rules, known := e.reg.rules(name)
	if !known {
		return nil, noType(name)
	}
	return rules, nil
}

// SetRules replaces a type's rules. Invalid when a condition does not fit the type,
// or a field is not one of its own. From its return on, every answer follows them.
func (e *Engine) SetRules(ctx context.Context, a Actor, name string, r *Rules) error {
	if r == nil {
		r = &Rules{}
	}
	return e.changeRules(ctx, a, name, func(*Rules) *Rules { return r })
}

// changeRules replaces a type's rules with what change makes of them as they are; nil
// leaves them.
func (e *Engine) changeRules(ctx context.Context, a Actor, name string, change func(now *Rules) *Rules) error {
	if err := a.mayDesign(); err != nil {
		return err
	}
	e.reg.design.Lock()
	defer e.reg.design.Unlock()
	versions := e.reg.versions(name)
	if versions == nil {
		return noType(name)
	}
	now, _ := e.reg.rules(name)
	r := change(now)
	if r == nil {
		return nil
	}
	if err := checkRules(r, versions); err != nil {
		return err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("collections: rules of %s: %w", name, err)
	}
	rev := e.reg.rulesRev(name)
	entry := Entry{Kind: EntryRules, At: e.now().UnixMilli(), By: a.Name, Type: name}
	item := Item{Kind: kindRules, Key: name, Rev: rev, Data: text}
	err = e.announce(ctx, entry, []Item{item}, func() { e.reg.setRules(name, r, rev+1) })
	if err == nil {
		e.tell.Designed(a, Designed{Did: DidRules, Type: name})
	}
	return err
}

// checkRules says whether rules fit a type, given all its versions.
func checkRules(r *Rules, versions []*Type) *Error {
	for _, role := range Roles() {
		rules := r.Roles[role]
		if rules == nil {
			continue
		}
		if role.Includes(Designer) {
			return Errorf(Invalid, string(role), "Rules narrow editors and workers only: a %s can change them, so rules cannot bind one.", role.Says())
		}
		if err := rules.checkConditions(role, versions[len(versions)-1].Schema); err != nil {
			return err
		}
		if err := rules.checkKeys(role, versions); err != nil {
			return err
		}
		if err := rules.checkHidden(role, versions); err != nil {
			return err
		}
	}
	for role := range r.Roles {
		if !role.Includes(Worker) {
			return Errorf(Invalid, string(role), "There is no role %q: rules are for editor and worker.", role)
		}
	}
	return nil
}

// checkConditions says whether each condition fits the schema.
func (r *RoleRules) checkConditions(role Role, s *schema.Schema) *Error {
	for _, rule := range r.conditions() {
		if err := rule.condition.Check(s, nil); err != nil {
			field := string(role) + "." + rule.name
			return Errorf(Invalid, field, "What a %s may %s does not fit the type: %s", role.Says(), mayWords(rule.name), err)
		}
	}
	return nil
}

// checkKeys says whether each field is one of the type. A field that an older version
// had is one: documents still hold its values.
func (r *RoleRules) checkKeys(role Role, versions []*Type) *Error {
	for _, key := range slices.Concat(r.Hidden, r.ReadOnly) {
		if !anyHas(versions, key) {
			return Errorf(Invalid, string(role), "The rules for a %s name the field %q, which the type does not have and never had.", role.Says(), key)
		}
	}
	return nil
}

// checkHidden says whether each version can be shown without the hidden fields: another
// field may be described in terms of one of them.
func (r *RoleRules) checkHidden(role Role, versions []*Type) *Error {
	if len(r.Hidden) == 0 {
		return nil
	}
	for _, t := range versions {
		if _, err := withoutFields(t.Schema, keySet(r.Hidden)); err != nil {
			return Errorf(Invalid, string(role)+".hidden", "Version %d makes no sense without the fields hidden from a %s: %s", t.Version, role.Says(), err)
		}
	}
	return nil
}

func anyHas(versions []*Type, key string) bool {
	for _, t := range versions {
		if _, ok := t.Schema.Field([]string{key}); ok {
			return true
		}
	}
	return false
}

// rule is one condition of a role's rules and its name.
type rule struct {
	name      string
	condition *schema.Condition
}

// mayWords is what a rule by this name lets somebody do, within a sentence.
func mayWords(name string) schema.Sentence {
	switch name {
	case "see":
		return schema.Says("see")
	case "create":
		return schema.Says("create")
	case "edit":
		return schema.Says("edit")
	case "delete":
		return schema.Says("delete")
	}
	return schema.Verbatim(name)
}

// conditions lists the role's conditions, nil ones left out.
func (r *RoleRules) conditions() []rule {
	var rules []rule
	for _, c := range []rule{{"see", r.See}, {"create", r.Create}, {"edit", r.Edit}, {"delete", r.Delete}} {
		if c.condition != nil {
			rules = append(rules, c)
		}
	}
	return rules
}
