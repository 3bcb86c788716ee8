package admin

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/access"
	"github.com/fieldstack/fieldstack/admin/office"
	"github.com/fieldstack/fieldstack/admin/people"
	"github.com/fieldstack/fieldstack/admin/recent"
	"github.com/fieldstack/fieldstack/admin/records"
	"github.com/fieldstack/fieldstack/admin/transfer"
	"github.com/fieldstack/fieldstack/admin/types"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/admin/versions"
	"github.com/fieldstack/fieldstack/internal/web"
)

// routes is the table of pages: a way in, who may use it, and what answers.
func (p *pages) routes() ([]web.Route, error) {
	var list []web.Route
	add := func(method, path string, access web.Access, h fiber.Handler) {
		list = append(list, p.Route(method, path, access, h))
	}
	get := func(path string, access web.Access, h func(*ui.Visit) error) {
		list = append(list, p.Get(path, access, h))
	}

	add("GET", "/", web.Public, toAdmin)
	add("GET", "/admin/static/:file", web.Public, p.File)

	list = append(list, access.Routes(p.Kit, p.Accounts)...)
	list = append(list, office.Routes(p.Kit, p.Office)...)
	list = append(list, people.Routes(p.Kit, p.People)...)
	files := transfer.Files{Folder: p.Uploads.Folder, Most: p.Uploads.MaxImport, Random: p.Random}
	moving, err := transfer.Routes(p.Kit, p.Transfer, p.Accounts, p.Jobs, files)
	if err != nil {
		return nil, err
	}
	list = append(list, moving...)
	list = append(list, recent.Routes(p.Kit, recent.Asks{Types: p.Types, Jobs: p.Jobs, Trail: p.Accounts})...)

	list = append(list, types.Routes(p.Kit, p.Types, p.hub)...)
	list = append(list, versions.Routes(p.Kit, p.Types, p.hub, p.Jobs)...)
	get("/admin/types/:type", web.SignedIn, toRecords)
	list = append(list, records.Routes(p.Kit, p.Records, records.Parts{Hub: p.hub, Views: p.Views, Jobs: p.Jobs, Trail: p.Accounts})...)

	get("/admin/*", web.SignedIn, ui.NothingHere)
	return list, nil
}

// toRecords leads from a type to its records, which is what most come for.
func toRecords(v *ui.Visit) error {
	return v.Redirect("/admin/types/"+url.PathEscape(v.Params("type"))+"/records", fiber.StatusSeeOther)
}

func toAdmin(c *fiber.Ctx) error { return c.Redirect("/admin", fiber.StatusSeeOther) }
