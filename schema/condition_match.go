package schema

import (
	"cmp"
	"strings"
	"time"
)

// Vars are what $me, $now and $today stand for.
type Vars struct {
	Me  string // the acting user's sign-in name, which never begins with "$"; "" when nobody is signed in
	Now int64  // ms since 1970 UTC: $now becomes RFC 3339 with ms, $today YYYY-MM-DD, in UTC
}

// Resolve gives the condition with variables replaced; c stays as it is. When nobody
// is signed in, $me is nobody: every comparison with it is false ("not" is true), an
// "in" goes without it. So no rule lets a stranger see the records that belong to "".
// Resolving a resolved condition changes nothing. The result is never nil.
func (c *Condition) Resolve(vars Vars) *Condition {
	if c == nil {
		return always()
	}
	resolved := *c
	switch {
	case isGroup(c.Op):
		resolved.Subs = make([]*Condition, len(c.Subs))
		for i, sub := range c.Subs {
			resolved.Subs[i] = sub.Resolve(vars)
		}
	case c.Op == opIn:
		resolved.Value = vars.resolveList(c.Value)
	default:
		value, known := vars.resolve(c.Value)
		if !known && c.Op == opNot {
			return always()
		}
		if !known {
			return never()
		}
		resolved.Value = value
	}
	return &resolved
}

// resolveList resolves the values of an in, and leaves out those that are unknown.
func (vars Vars) resolveList(v any) any {
	list, _ := v.([]any)
	resolved := make([]any, 0, len(list))
	for _, item := range list {
		if value, known := vars.resolve(item); known {
			resolved = append(resolved, value)
		}
	}
	return resolved
}

// resolve gives what v stands for; known is false for $me when nobody is signed in.
func (vars Vars) resolve(v any) (value any, known bool) {
	switch v {
	case "$me":
		return vars.Me, vars.Me != ""
	case "$now":
		return time.UnixMilli(vars.Now).UTC().Format("2006-01-02T15:04:05.000Z"), true
	case "$today":
		return time.UnixMilli(vars.Now).UTC().Format(time.DateOnly), true
	}
	return v, true
}

// isVariable reports whether Resolve replaces v.
func isVariable(v any) bool { return v == "$me" || v == "$now" || v == "$today" }

// Match reports whether the condition is true of a record's value, as
// [crdt.Document.Value] gives it. Resolve first: here "$me" is a text like any other.
func (c *Condition) Match(value map[string]any) bool {
	if c == nil {
		return true
	}
	switch c.Op {
	case opTrue:
		return true
	case opAll:
		for _, sub := range c.Subs {
			if !sub.Match(value) {
				return false
			}
		}
		return true
	case opAny:
		return c.matchAny(value)
	case opNone:
		return !c.matchAny(value)
	}
	return c.compare(lookUp(value, c.Field))
}

func (c *Condition) matchAny(value map[string]any) bool {
	for _, sub := range c.Subs {
		if sub.Match(value) {
			return true
		}
	}
	return false
}

// lookUp gives the field's value, nil where it is absent: no comparison tells the two
// apart.
func lookUp(value map[string]any, path []string) any {
	var v any = value
	for _, key := range path {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[key]
	}
	return v
}

// compare evaluates a comparison with what the field holds.
func (c *Condition) compare(v any) bool {
	switch c.Op {
	case opIs:
		return equalScalars(v, c.Value)
	case opNot:
		return !equalScalars(v, c.Value)
	case opIn:
		list, _ := c.Value.([]any)
		return hasScalar(list, v)
	case opAbove, opBelow, opFrom, opTo:
		return c.compareOrder(v)
	case opHas:
		list, _ := v.([]any)
		return hasScalar(list, c.Value)
	case opContains, opStarts:
		return c.compareText(v)
	case opEmpty:
		return isEmpty(v) == c.Value
	}
	return false
}

// equalScalars is false where either is a list or an object.
func equalScalars(a, b any) bool { return isScalar(a) && a == b }

func hasScalar(list []any, v any) bool {
	for _, item := range list {
		if equalScalars(item, v) {
			return true
		}
	}
	return false
}

func (c *Condition) compareOrder(v any) bool {
	order, ok := orderOf(v, c.Value)
	switch {
	case !ok:
		return false
	case c.Op == opAbove:
		return order > 0
	case c.Op == opBelow:
		return order < 0
	case c.Op == opFrom:
		return order >= 0
	}
	return order <= 0
}

// orderOf compares two numbers or two texts; nothing else has an order.
func orderOf(a, b any) (order int, ok bool) {
	switch a := a.(type) {
	case float64:
		if b, ok := b.(float64); ok {
			return cmp.Compare(a, b), true
		}
	case string:
		if b, ok := b.(string); ok {
			return cmp.Compare(a, b), true
		}
	}
	return 0, false
}

// compareText leans on strings.ToLower lowering each code point by its simple mapping,
// and on doing nothing to a text that is lower case already.
func (c *Condition) compareText(v any) bool {
	text, ok := v.(string)
	part, fits := c.Value.(string)
	if !ok || !fits {
		return false
	}
	text, part = strings.ToLower(text), strings.ToLower(part)
	if c.Op == opStarts {
		return strings.HasPrefix(text, part)
	}
	return strings.Contains(text, part)
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}
