package people

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/words"
)

// rules shows what each role may do with a type.
func (p *pages) rules(v *ui.Visit) error {
	t, err := p.Engine.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	rules, err := p.Engine.Rules(v.UserContext(), v.Actor(), t.Name)
	if err != nil {
		return err
	}
	return p.showRules(v, fiber.StatusOK, t, formOf(rules, t.Schema), nil)
}

// saveRules saves the form, or shows it again with what its buttons did.
func (p *pages) saveRules(v *ui.Visit) error {
	t, err := p.Engine.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	sent, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	form, err := readRulesForm(sent, t.Schema)
	if err != nil {
		return err
	}
	if take := sent.Get("take"); take != "" {
		return p.takeTheirs(v, t, form, take)
	}
	if form.acted {
		form.open()
		return p.showRules(v, fiber.StatusOK, t, form, nil)
	}
	versions, err := p.Engine.Versions(v.UserContext(), v.Actor(), t.Name)
	if err != nil {
		return err
	}
	wants, ok := form.rules(fieldsToShut(versions))
	if !ok {
		form.open()
		return p.showRules(v, fiber.StatusUnprocessableEntity, t, form, nil)
	}
	merge, err := p.Engine.MergeRules(v.UserContext(), v.Actor(), t.Name, form.from, wants)
	if err != nil {
		return p.showRulesMistake(v, t, form, err)
	}
	if len(merge.Clashes) == 0 {
		return ui.SeeOther(v.Ctx, ui.TypePath(t.Name)+"/rules", "rules")
	}
	return p.showClashes(v, t, merge)
}

// showRulesMistake shows what the engine finds wrong, beside the rule that it is about.
func (p *pages) showRulesMistake(v *ui.Visit, t *collections.Type, form *rulesForm, failed error) error {
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	return p.showRules(v, status, t, form, func(page *view.RulesPage) {
		for i := range page.Roles {
			for j := range page.Roles[i].Cells {
				if cell := &page.Roles[i].Cells[j]; cell.Name == strings.ReplaceAll(shown.Field, ".", "-") {
					cell.Error = show.Sentence(v.UserContext(), shown.Message)
					return
				}
			}
		}
		page.Wrong = show.Sentence(v.UserContext(), shown.Message)
	})
}

// showClashes shows the form with what others changed meanwhile taken in, and theirs
// beside what both changed.
func (p *pages) showClashes(v *ui.Visit, t *collections.Type, merge *collections.RulesMerge) error {
	form := formOf(merge.Merged, t.Schema)
	form.from = merge.Now
	theirs := map[string]string{}
	for _, c := range merge.Clashes {
		name := cellName(c.Role, c.What)
		form.set(name, c.Wants, t.Schema)
		theirs[name] = p.ruleSentence(v, c.Now, t.Schema)
	}
	return p.showRules(v, fiber.StatusConflict, t, form, func(page *view.RulesPage) {
		page.Clash = true
		for i := range page.Roles {
			for j, cell := range page.Roles[i].Cells {
				page.Roles[i].Cells[j].Theirs = theirs[cell.Name]
			}
		}
	})
}

// ruleSentence says a rule.
func (p *pages) ruleSentence(v *ui.Visit, c *schema.Condition, s *schema.Schema) string {
	switch {
	case c == nil || c.Op == "true":
		return words.Say(v.UserContext(), "All")
	case c.Op == "false":
		return words.Say(v.UserContext(), "None")
	}
	return show.Sentence(v.UserContext(), c.Sentence(s))
}

// takeTheirs puts into one rule what the author had seen of it, which after a clash is
// what the other made of it.
func (p *pages) takeTheirs(v *ui.Visit, t *collections.Type, form *rulesForm, name string) error {
	role, verb, ok := strings.Cut(name, "-")
	if _, known := form.cells[name]; !ok || !known {
		return ui.BadForm()
	}
	form.set(name, *rulesOf(form.from, collections.Role(role)).rule(verb), t.Schema)
	return p.showRules(v, fiber.StatusOK, t, form, nil)
}

// showRules shows the form; more adds what it alone does not know.
func (p *pages) showRules(v *ui.Visit, status int, t *collections.Type, form *rulesForm, more func(*view.RulesPage)) error {
	head, err := p.TypeHead(v, p.Engine, t, templates.TabRules)
	if err != nil {
		return err
	}
	versions, err := p.Engine.Versions(v.UserContext(), v.Actor(), t.Name)
	if err != nil {
		return err
	}
	ctx := v.UserContext()
	page := view.RulesPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "Rules of %s", head.Title), ui.ToTypes(ctx)),
		Head:  head, Action: ui.TypePath(t.Name) + "/rules", From: carried(form.from),
	}
	page.Styles = []string{"condition.css", "people.css"}
	page.Wide = true
	for _, role := range ruledRoles() {
		page.Roles = append(page.Roles, p.roleView(v, t, versions, form, role))
	}
	if more != nil {
		more(&page)
	}
	return ui.Render(v.Ctx, status, view.Rules(page))
}
