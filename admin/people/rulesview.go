package people

import (
	"context"
	"slices"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/words"
)

// roleView shows the rules of one role.
func (p *pages) roleView(v *ui.Visit, t *collections.Type, versions []*collections.Type, form *rulesForm, role collections.Role) view.RoleRules {
	ctx := v.UserContext()
	path := ui.TypePath(t.Name) + "/rules"
	r := view.RoleRules{
		ID: string(role) + "-rules", Title: words.Say(ctx, "Workers"), Try: path + "/try?role=" + string(role),
		Intro: words.Say(ctx, "People in the field. Without rules they see and change every record of this type."),
	}
	if role == collections.Editor {
		r.Title = words.Say(ctx, "Editors")
		r.Intro = words.Say(ctx, "People in the office, who also see the trash and what needs attention.")
	}
	for _, verb := range verbs() {
		r.Cells = append(r.Cells, p.cellView(ctx, form, role, verb, path))
	}
	shut := 0
	for _, f := range fieldsToShut(versions) {
		name := fieldName(role, f.key)
		state := form.fields[name]
		if state != fieldOpen {
			shut++
		}
		r.Fields = append(r.Fields, view.FieldRule{Name: name, Label: f.title, Choices: []templates.Choice{
			{Value: fieldOpen, Label: words.Say(ctx, "open"), Chosen: state == fieldOpen},
			{Value: fieldLocked, Label: words.Say(ctx, "read only"), Chosen: state == fieldLocked},
			{Value: fieldHidden, Label: words.Say(ctx, "hidden"), Chosen: state == fieldHidden},
		}})
	}
	if shut > 0 {
		r.Shut = words.Say(ctx, "%d shut", shut)
	}
	return r
}

func (p *pages) cellView(ctx context.Context, form *rulesForm, role collections.Role, verb, path string) view.RuleCell {
	name := cellName(role, verb)
	cell := form.cells[name]
	title, hint := verbWords(ctx, verb)
	shown := view.RuleCell{
		Name: name, Title: title, Hint: hint, Where: cell.mode == modeWhere, Rows: !cell.where.Empty(),
		Modes: []templates.Choice{
			{Value: modeAll, Label: words.Say(ctx, "All"), Chosen: cell.mode == modeAll},
			{Value: modeNone, Label: words.Say(ctx, "None"), Chosen: cell.mode == modeNone},
			{Value: modeWhere, Label: words.Say(ctx, "Only where …"), Chosen: cell.mode == modeWhere},
		},
		Editor: cell.where.View(ctx, title, path),
	}
	if cell.wrong != "" {
		shown.Error = words.Say(ctx, cell.wrong)
	}
	return shown
}

// verbWords names what a rule is about, and explains it.
func verbWords(ctx context.Context, verb string) (title, hint string) {
	switch verb {
	case "see":
		return words.Say(ctx, "See"), words.Say(ctx, "Records that are there for them. What they do not see they cannot change either.")
	case "create":
		return words.Say(ctx, "Create"), words.Say(ctx, "What a new record must be like.")
	case "edit":
		return words.Say(ctx, "Edit"), words.Say(ctx, "What a record must be like, before and after the edit.")
	}
	return words.Say(ctx, "Delete"), words.Say(ctx, "Records they may put into the trash.")
}

// shutField is a field that can be shut.
type shutField struct{ key, title string }

// fieldsToShut lists the fields of the latest version, and those of older ones, whose
// values records still hold.
func fieldsToShut(versions []*collections.Type) []shutField {
	var fields []shutField
	for _, t := range slices.Backward(versions) {
		for _, f := range topFields(t.Schema) {
			if !slices.ContainsFunc(fields, func(o shutField) bool { return o.key == f.Path[0] }) {
				fields = append(fields, shutField{f.Path[0], f.Title})
			}
		}
	}
	return fields
}
