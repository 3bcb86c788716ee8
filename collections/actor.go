package collections

import (
	"slices"
	"strings"
)

// Actor is who asks.
type Actor struct {
	User string // account id
	Name string // sign-in name; what $me stands for
	Role Role
	// Scopes narrow an API token: "read" (see), "write" (see and change) and
	// "type:work-order" (nothing but these types). Nil: no narrowing. A token with
	// types alone reads and writes them; one with a scope that is not known, or with
	// an empty list, may do nothing. No narrowed token edits types or rules.
	Scopes []string
}

// scopeType begins the scopes that name a type.
const scopeType = "type:"

// reach is what an actor's scopes leave of what its role may do with one type.
type reach struct{ read, write bool }

// reach reads the scopes. What it does not understand it takes for a narrowing to
// nothing: a token made for a newer server never gets more than it was made for.
func (a Actor) reach(typ string) reach {
	if a.Scopes == nil {
		return reach{read: true, write: true}
	}
	var verbs, types []string
	for _, scope := range a.Scopes {
		switch name, isType := strings.CutPrefix(scope, scopeType); {
		case isType:
			types = append(types, name)
		case scope == "read" || scope == "write":
			verbs = append(verbs, scope)
		default:
			return reach{}
		}
	}
	if len(a.Scopes) == 0 || types != nil && !slices.Contains(types, typ) {
		return reach{}
	}
	write := verbs == nil || slices.Contains(verbs, "write")
	return reach{read: true, write: write}
}

// mayDesign refuses everybody who may not edit types and rules.
func (a Actor) mayDesign() error {
	switch {
	case !a.Role.Includes(Designer):
		return Errorf(Forbidden, "", "Only a designer or an owner may edit types and rules.")
	case a.Scopes != nil:
		return Errorf(Forbidden, "", "This token was made for narrower work: use one without scopes to edit types and rules.")
	}
	return nil
}
