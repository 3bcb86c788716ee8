package collections

import (
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// Grant is what one actor may do with one type: the resolved rules. See and the like
// are never nil. A grant is read only and safe for concurrent use; it holds for the
// moment it was made ($now in a rule), so ask anew for each request.
type Grant struct {
	See, Create, Edit, Delete *schema.Condition
	Hidden, ReadOnly          map[string]bool
	Trash                     bool // may list the trash and needs attention, restore, export

	basis basis
}

// basis is what a grant was resolved from, kept for [Engine.Explain].
type basis struct {
	actor Actor
	rules *RoleRules // as they were written
	reach reach      // what role and scopes leave of them
	vars  schema.Vars
}

// Grant is the one authorization function: every way in and out asks it. NotFound
// when the actor may not know the type: there is none, the actor's scopes or role
// have nothing to do with it, or it may neither see nor create anything in it.
func (e *Engine) Grant(a Actor, typ string) (*Grant, error) { return e.grant(a, typ) }

func (e *Engine) grant(a Actor, typ string) (*Grant, error) {
	rules, known := e.reg.rules(typ)
	if !known {
		return nil, noType(typ)
	}
	g := grantOf(a, typ, rules, e.now().UnixMilli())
	if !g.knows() {
		return nil, noType(typ)
	}
	return g, nil
}

// noType is the answer for a type that is not there and for one that is not to be
// known: nobody can tell which.
func noType(typ string) *Error {
	return Errorf(NotFound, "", "There is no type %q here.", typ)
}

// grantOf resolves rules for an actor; now is in ms since 1970 UTC.
func grantOf(a Actor, typ string, rules *Rules, now int64) *Grant {
	reach := a.reach(typ)
	if !a.Role.Includes(Worker) {
		reach.read, reach.write = false, false
	}
	role := rules.of(a.Role)
	vars := schema.Vars{Me: a.Name, Now: now}
	resolve := func(c *schema.Condition, may bool) *schema.Condition {
		if !may {
			return never()
		}
		return c.Resolve(vars)
	}
	return &Grant{
		See:      resolve(role.See, reach.read),
		Create:   resolve(role.Create, reach.write),
		Edit:     resolve(role.Edit, reach.write),
		Delete:   resolve(role.Delete, reach.write),
		Hidden:   keySet(role.Hidden),
		ReadOnly: keySet(role.ReadOnly),
		Trash:    reach.read && a.Role.Includes(Editor),
		basis:    basis{actor: a, rules: role, reach: reach, vars: vars},
	}
}

// knows reports whether the actor may know that the type is there.
func (g *Grant) knows() bool { return !isNever(g.See) || !isNever(g.Create) }

// sees reports whether the document with this value is there for the actor.
func (g *Grant) sees(value map[string]any) bool { return g.See.Match(value) }

// finds is sees for whoever asks by a list or an id: there, what is in the trash is for
// those who may look into it.
func (g *Grant) finds(value map[string]any, deleted bool) bool {
	return g.sees(value) && (!deleted || g.Trash)
}

// mayRestore reports whether the actor may take a document with that value out of the
// trash: who may put one there may take it back.
func (g *Grant) mayRestore(value map[string]any) bool { return g.Trash || g.Delete.Match(value) }

// mayWriteField reports whether the actor may write the top-level field.
func (g *Grant) mayWriteField(key string) bool { return !g.Hidden[key] && !g.ReadOnly[key] }

// mayName refuses a value that names a hidden field, whatever it holds: if only what
// differs were refused, a guess that is right would be told from one that is wrong.
func (g *Grant) mayName(value map[string]any) error {
	for _, key := range g.hiddenKeys() {
		if _, named := value[key]; named {
			return mayNotWrite(key)
		}
	}
	return nil
}

// mayNotWrite is the answer to who writes a field that is not theirs to write.
func mayNotWrite(key string) *Error {
	return Errorf(Forbidden, pointer([]string{key}), "You may not write the field %q.", key)
}

// hiddenKeys lists what is hidden, sorted.
func (g *Grant) hiddenKeys() []string { return slices.Sorted(maps.Keys(g.Hidden)) }

// keySet makes a set of keys; nil for none.
func keySet(keys []string) map[string]bool {
	if len(keys) == 0 {
		return nil
	}
	set := make(map[string]bool, len(keys))
	for _, key := range keys {
		set[key] = true
	}
	return set
}

// always and never are the conditions every value and no value matches.
func always() *schema.Condition { return &schema.Condition{Op: "true"} }
func never() *schema.Condition  { return &schema.Condition{Op: "false"} }

// isNever reports whether a condition is plainly false, so that nobody need ask it.
func isNever(c *schema.Condition) bool { return c.Op == "false" }
