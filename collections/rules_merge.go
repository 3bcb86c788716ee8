package collections

import (
	"context"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// RulesClash is one rule that two people changed to different things at the same time.
type RulesClash struct {
	Role  Role              `json:"role"`
	What  string            `json:"what"`  // see, create, edit or delete
	Now   *schema.Condition `json:"now"`   // what the other made of it; nil: everything is allowed
	Wants *schema.Condition `json:"wants"` // what was asked for
}

// RulesMerge is what came of a merge.
type RulesMerge struct {
	Now     *Rules // the rules as they were found
	Merged  *Rules // … with what the author changed, but for the clashes
	Clashes []RulesClash
}

// MergeRules changes a type's rules by what differs between from, the rules as their
// author saw them, and to, so that what somebody else changed meanwhile stays. Where both
// changed one rule, to different things, nothing is written and the clashes are given.
func (e *Engine) MergeRules(ctx context.Context, a Actor, name string, from, to *Rules) (*RulesMerge, error) {
	m := &RulesMerge{}
	err := e.changeRules(ctx, a, name, func(now *Rules) *Rules {
		m.Now = now
		if m.Merged, m.Clashes = mergeRules(now, from, to); len(m.Clashes) > 0 || sameRules(m.Merged, now) {
			return nil
		}
		return m.Merged
	})
	return m, err
}

// mergeRules puts what turned from into to upon now.
func mergeRules(now, from, to *Rules) (*Rules, []RulesClash) {
	merged := &Rules{Roles: map[Role]*RoleRules{}}
	var clashes []RulesClash
	for _, role := range []Role{Editor, Worker} {
		m := merger{role: role, now: now.of(role), from: from.of(role), to: to.of(role)}
		rules := m.merge()
		clashes = append(clashes, m.clashes...)
		if rules.narrows() {
			merged.Roles[role] = rules
		}
	}
	return merged, clashes
}

// narrows reports whether the rules say anything.
func (r *RoleRules) narrows() bool {
	return r.See != nil || r.Create != nil || r.Edit != nil || r.Delete != nil || len(r.Hidden) > 0 || len(r.ReadOnly) > 0
}

// sameRules reports whether two rules say the same of each role.
func sameRules(a, b *Rules) bool {
	for _, role := range []Role{Editor, Worker} {
		x, y := a.of(role), b.of(role)
		if !sameRule(x.See, y.See) || !sameRule(x.Create, y.Create) || !sameRule(x.Edit, y.Edit) || !sameRule(x.Delete, y.Delete) ||
			!slices.Equal(x.Hidden, y.Hidden) || !slices.Equal(x.ReadOnly, y.ReadOnly) {
			return false
		}
	}
	return true
}

// sameRule reports whether two conditions are written alike; none at all is always.
func sameRule(a, b *schema.Condition) bool { return ruleText(a) == ruleText(b) }

func ruleText(c *schema.Condition) string {
	text, err := c.MarshalJSON()
	if err != nil {
		return "" // never: a condition is always JSON
	}
	return string(text)
}

// merger merges the rules of one role.
type merger struct {
	role          Role
	now, from, to *RoleRules
	clashes       []RulesClash
}

func (m *merger) merge() *RoleRules {
	return &RoleRules{
		See:      m.rule("see", m.now.See, m.from.See, m.to.See),
		Create:   m.rule("create", m.now.Create, m.from.Create, m.to.Create),
		Edit:     m.rule("edit", m.now.Edit, m.from.Edit, m.to.Edit),
		Delete:   m.rule("delete", m.now.Delete, m.from.Delete, m.to.Delete),
		Hidden:   mergeKeys(m.now.Hidden, m.from.Hidden, m.to.Hidden),
		ReadOnly: mergeKeys(m.now.ReadOnly, m.from.ReadOnly, m.to.ReadOnly),
	}
}

func (m *merger) rule(what string, now, from, to *schema.Condition) *schema.Condition {
	switch {
	case sameRule(from, to), sameRule(now, to):
		return now
	case sameRule(now, from):
		return to
	}
	m.clashes = append(m.clashes, RulesClash{Role: m.role, What: what, Now: now, Wants: to})
	return now
}

// mergeKeys takes out of now what left from, and adds what came to it.
func mergeKeys(now, from, to []string) []string {
	var merged []string
	for _, key := range now {
		if !slices.Contains(from, key) || slices.Contains(to, key) {
			merged = append(merged, key)
		}
	}
	for _, key := range to {
		if !slices.Contains(from, key) && !slices.Contains(merged, key) {
			merged = append(merged, key)
		}
	}
	return merged
}
