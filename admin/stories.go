package admin

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/access"
	"github.com/fieldstack/fieldstack/templates/condition"
	"github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/recent"
	"github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/story"
	"github.com/fieldstack/fieldstack/templates/transfer"
	"github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/versions"
)

// area is one area's stories.
type area struct {
	name    string
	stories func() []story.Story
}

// areas lists whose stories there are.
func areas() []area {
	return []area{
		{"access", access.Stories},
		{"condition", condition.Stories},
		{"types", types.Stories},
		{"office", office.Stories},
		{"people", people.Stories},
		{"records", records.Stories},
		{"transfer", transfer.Stories},
		{"versions", versions.Stories},
		{"recent", recent.Stories},
	}
}

// storybook shows every component with the models that its stories have made up. It is
// for who works on the pages: a server has it only where it is told to.
func (p *pages) storybook() []web.Route {
	return []web.Route{
		p.Route(fiber.MethodGet, "/admin/_stories", web.Public, p.stories),
		p.Route(fiber.MethodGet, "/admin/_stories/:area/:name", web.Public, p.story),
	}
}

func (p *pages) stories(c *fiber.Ctx) error {
	page := templates.StorybookPage{Frame: p.Frame(c, "", "Stories")}
	for _, a := range areas() {
		chapter := templates.Chapter{Name: a.name}
		for _, s := range a.stories() {
			chapter.Stories = append(chapter.Stories, templates.Link{Text: s.Name, Href: "/admin/_stories/" + a.name + "/" + s.Name})
		}
		page.Chapters = append(page.Chapters, chapter)
	}
	return ui.Render(c, fiber.StatusOK, templates.Storybook(page))
}

func (p *pages) story(c *fiber.Ctx) error {
	for _, a := range areas() {
		for _, s := range a.stories() {
			if a.name == c.Params("area") && s.Name == c.Params("name") {
				return ui.Render(c, fiber.StatusOK, s.Component())
			}
		}
	}
	return collections.Errorf(collections.NotFound, "", "There is no such story.")
}
