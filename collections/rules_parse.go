package collections

import (
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// ParseRules reads rules from JSON, strictly: a member that is misspelt would be a
// rule that does not hold. The error is an Invalid *Error that names the member.
func ParseRules(text []byte) (*Rules, error) {
	v, err := crdt.ParseValue(text, crdt.Limits{})
	if err != nil {
		return nil, Errorf(Invalid, "", "The rules cannot be read: %s", err)
	}
	top, err := members(v, "", "roles")
	if err != nil {
		return nil, err
	}
	rules := &Rules{Roles: map[Role]*RoleRules{}}
	if top["roles"] == nil {
		return rules, nil
	}
	roles, err := members(top["roles"], "roles", string(Owner), string(Designer), string(Editor), string(Worker))
	if err != nil {
		return nil, err
	}
	for role, v := range roles {
		if v == nil {
			continue
		}
		if rules.Roles[Role(role)], err = parseRoleRules(v, role); err != nil {
			return nil, err
		}
	}
	return rules, nil
}

// UnmarshalJSON is ParseRules, for those who keep rules inside other JSON.
func (r *Rules) UnmarshalJSON(text []byte) error {
	rules, err := ParseRules(text)
	if err != nil {
		return err
	}
	*r = *rules
	return nil
}

func parseRoleRules(v any, role string) (*RoleRules, error) {
	given, err := members(v, role, "see", "create", "edit", "delete", "hidden", "readOnly")
	if err != nil {
		return nil, err
	}
	rules := &RoleRules{}
	conditions := map[string]**schema.Condition{"see": &rules.See, "create": &rules.Create, "edit": &rules.Edit, "delete": &rules.Delete}
	for name, condition := range conditions {
		if given[name] == nil {
			continue
		}
		if *condition, err = schema.ConditionFromValue(given[name]); err != nil {
			return nil, Errorf(Invalid, role+"."+name, "What a %s may %s is no condition: %s", Role(role).Says(), mayWords(name), err)
		}
	}
	hidden, err := parseKeys(given["hidden"], role+".hidden")
	if err != nil {
		return nil, err
	}
	readOnly, err := parseKeys(given["readOnly"], role+".readOnly")
	if err != nil {
		return nil, err
	}
	rules.Hidden, rules.ReadOnly = hidden, readOnly
	return rules, nil
}

// members takes v for an object that has no other members than these.
func members(v any, at string, names ...string) (map[string]any, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, Errorf(Invalid, at, "Rules are objects: %s is none.", crdt.Canonical(v))
	}
	known := keySet(names)
	for name := range object {
		if !known[name] {
			return nil, Errorf(Invalid, at, "Rules have no member %q here; they have %q.", name, names)
		}
	}
	return object, nil
}

// parseKeys takes v for a list of field keys; null is none.
func parseKeys(v any, at string) ([]string, error) {
	list, ok := v.([]any)
	if v != nil && !ok {
		return nil, Errorf(Invalid, at, "Give the fields as a list of their keys.")
	}
	var keys []string
	for _, item := range list {
		key, ok := item.(string)
		if !ok {
			return nil, Errorf(Invalid, at, "%s is no field's key.", crdt.Canonical(item))
		}
		keys = append(keys, key)
	}
	return keys, nil
}
