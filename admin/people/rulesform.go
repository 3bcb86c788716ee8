package people

import (
	"encoding/json"
	"net/url"
	"slices"

	"github.com/fieldstack/fieldstack/admin/condition"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates/words"
)

// The modes of a rule, and the states of a field, in the form.
const (
	modeAll   = "all"
	modeNone  = "none"
	modeWhere = "where"

	fieldOpen   = ""
	fieldLocked = "readOnly"
	fieldHidden = "hidden"
)

// ruledRoles are those that rules are for, the one that most people have first.
func ruledRoles() []collections.Role {
	return []collections.Role{collections.Worker, collections.Editor}
}

// verbs are what there are rules for.
func verbs() []string { return []string{"see", "create", "edit", "delete"} }

// rulesForm is the rules as they are edited.
type rulesForm struct {
	from  *collections.Rules // as their author saw them
	cells map[string]*ruleCell
	// fields are the states by name of the form field; only those that the form holds.
	fields map[string]string
	acted  bool // a button of a condition was pressed, or another mode chosen
}

// ruleCell is one rule as it is edited.
type ruleCell struct {
	mode  string
	where *condition.Model
	wrong string // a key of package words
}

var noWhere = words.Key("Say where: add a condition, or choose all or none.")

// cellName is the name of a rule's form fields.
func cellName(role collections.Role, verb string) string { return string(role) + "-" + verb }

// fieldName is that of a field's state.
func fieldName(role collections.Role, key string) string { return string(role) + "-field." + key }

// formOf shows rules as a form.
func formOf(r *collections.Rules, s *schema.Schema) *rulesForm {
	f := &rulesForm{from: r, cells: map[string]*ruleCell{}, fields: map[string]string{}}
	for _, role := range ruledRoles() {
		rules := rulesOf(r, role)
		for _, verb := range verbs() {
			f.set(cellName(role, verb), *rules.rule(verb), s)
		}
		for _, key := range rules.ReadOnly {
			f.fields[fieldName(role, key)] = fieldLocked
		}
		for _, key := range rules.Hidden {
			f.fields[fieldName(role, key)] = fieldHidden
		}
	}
	return f
}

// set shows a condition in a cell.
func (f *rulesForm) set(name string, c *schema.Condition, s *schema.Schema) {
	cell := &ruleCell{mode: modeWhere, where: condition.New(c, s, name)}
	switch {
	case c == nil || c.Op == "true":
		cell.mode, cell.where = modeAll, condition.New(nil, s, name)
	case c.Op == "false":
		cell.mode, cell.where = modeNone, condition.New(nil, s, name)
	}
	f.cells[name] = cell
}

// readRulesForm reads what was sent.
func readRulesForm(form url.Values, s *schema.Schema) (*rulesForm, error) {
	from, err := collections.ParseRules([]byte(form.Get("from")))
	if err != nil {
		return nil, err
	}
	f := &rulesForm{from: from, cells: map[string]*ruleCell{}, fields: map[string]string{}, acted: form.Has("look")}
	for _, role := range ruledRoles() {
		for _, verb := range verbs() {
			name := cellName(role, verb)
			cell := &ruleCell{mode: form.Get(name + "-mode"), where: condition.Read(form, s, name)}
			if cell.mode != modeNone && cell.mode != modeWhere {
				cell.mode = modeAll
			}
			f.cells[name], f.acted = cell, f.acted || cell.where.Acted
		}
	}
	for name := range form {
		f.fields[name] = form.Get(name)
	}
	return f, nil
}

// open gives each rule that is to have a condition a row to begin with.
func (f *rulesForm) open() {
	for _, cell := range f.cells {
		if cell.mode == modeWhere && cell.where.Empty() && !cell.where.Acted {
			cell.where.AddRow()
		}
	}
}

// rules gives what the form says. ok is false where a condition is not finished.
func (f *rulesForm) rules(fields []shutField) (r *collections.Rules, ok bool) {
	r, ok = &collections.Rules{Roles: map[collections.Role]*collections.RoleRules{}}, true
	for _, role := range ruledRoles() {
		was, rules := rulesOf(f.from, role), roleRules{&collections.RoleRules{}}
		for _, verb := range verbs() {
			c, fine := f.cells[cellName(role, verb)].condition()
			*rules.rule(verb), ok = c, ok && fine
		}
		rules.Hidden = f.keys(role, was.Hidden, fieldHidden, fields)
		rules.ReadOnly = f.keys(role, was.ReadOnly, fieldLocked, fields)
		r.Roles[role] = rules.RoleRules
	}
	return r, ok
}

// condition is what the cell says; nil where all is allowed.
func (c *ruleCell) condition() (said *schema.Condition, ok bool) {
	switch {
	case c.mode == modeAll:
		return nil, true
	case c.mode == modeNone:
		return &schema.Condition{Op: "false"}, true
	case c.where.Empty():
		c.wrong = noWhere
		return nil, false
	}
	return c.where.Condition()
}

// keys lists the fields of a state: those that had it and are not in the form, or still
// have it there, and those that the form gives it. One that is hidden may be read only as well.
func (f *rulesForm) keys(role collections.Role, was []string, state string, fields []shutField) []string {
	var keys []string
	for _, key := range was {
		now, shown := f.fields[fieldName(role, key)]
		if !shown || now == state || now == fieldHidden {
			keys = append(keys, key)
		}
	}
	for _, field := range fields {
		if f.fields[fieldName(role, field.key)] == state && !slices.Contains(keys, field.key) {
			keys = append(keys, field.key)
		}
	}
	return keys
}

// roleRules gives a role's rules by the names of the form.
type roleRules struct{ *collections.RoleRules }

// rulesOf gives a role's rules, never nil.
func rulesOf(r *collections.Rules, role collections.Role) roleRules {
	if r == nil || r.Roles[role] == nil {
		return roleRules{&collections.RoleRules{}}
	}
	return roleRules{r.Roles[role]}
}

// rule gives where the rule of a verb is.
func (r roleRules) rule(verb string) **schema.Condition {
	switch verb {
	case "see":
		return &r.See
	case "create":
		return &r.Create
	case "edit":
		return &r.Edit
	}
	return &r.Delete
}

// topFields lists the named fields at the top, which rules can shut.
func topFields(s *schema.Schema) []schema.Field {
	return slices.DeleteFunc(s.Fields(), func(f schema.Field) bool { return len(f.Path) != 1 || f.Path[0] == "*" })
}

// carried is rules as the form carries them.
func carried(r *collections.Rules) string {
	text, err := json.Marshal(r)
	if err != nil {
		return "{}" // never: rules are always JSON
	}
	return string(text)
}
