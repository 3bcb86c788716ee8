package records

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	shown "github.com/fieldstack/fieldstack/templates/records"
)

// This file keeps a grid that is open level with the records. The page asks every few
// seconds what came into the log since it last asked; while nothing did, the answer reads
// nothing from the store. It is no stream: a browser has six connections to a server, and
// people have more tabs than that.

func (p *pages) liveRoutes() []web.Route {
	return []web.Route{
		p.Get("/admin/types/:type/records/rows", web.SignedIn, p.someRows),
		p.Get("/admin/types/:type/records/changes", web.SignedIn, p.changes),
	}
}

// mostRows is how many rows are shown anew at once.
const mostRows = 100

// someRows shows the records that ?ids= names, as rows of the list that the rest of the
// query asks for. One that is not there any more, or not for this reader, is left out.
func (p *pages) someRows(v *ui.Visit) error {
	query, err := readQuery(v)
	if err != nil {
		return err
	}
	ids := strings.Split(query.Get("ids"), ",")
	query.Del("ids")
	s, err := p.sightOf(v, query)
	if err != nil {
		return err
	}
	var docs []*collections.Document
	for _, id := range ids[:min(mostRows, len(ids))] {
		d, err := p.asks.Get(v.UserContext(), v.Actor(), s.typ.Name, id)
		if ui.IsNotFound(err) || err == nil && d.Deleted && s.address.state != stateTrash {
			continue
		}
		if err != nil {
			return err
		}
		docs = append(docs, d)
	}
	return ui.Render(v.Ctx, fiber.StatusOK, shown.Rows(s.heads(v.UserContext()), p.rows(v.UserContext(), s, docs)))
}

// changed is what came into the log since a cursor.
type changed struct {
	Cursor string   `json:"cursor"`
	IDs    []string `json:"ids"`  // of records that changed, or that this reader sees no more
	Type   bool     `json:"type"` // the type itself has a new version
	More   bool     `json:"more"` // ask again at once
}

// changes tells what came into the log since ?cursor=.
func (p *pages) changes(v *ui.Visit) error {
	name := v.Params("type")
	if _, err := p.asks.Grant(v.Actor(), name); err != nil {
		return err
	}
	pulled, err := p.asks.Pull(v.UserContext(), v.Actor(), v.Query("cursor"), subscribed(name), 0)
	if err != nil {
		return err
	}
	told := changed{Cursor: pulled.Cursor, IDs: []string{}, More: pulled.More, Type: len(pulled.Types) > 0}
	if pulled.Reset {
		told.Type = true
		if told.Cursor, err = p.asks.Here(v.Actor(), subscribed(name)); err != nil {
			return err
		}
		return web.JSON(v.Ctx, fiber.StatusOK, told)
	}
	add := func(id string) {
		if !slices.Contains(told.IDs, id) {
			told.IDs = append(told.IDs, id)
		}
	}
	for _, c := range pulled.Changes {
		add(c.Change.Doc)
	}
	for _, d := range pulled.Documents {
		add(d.ID)
	}
	for _, key := range pulled.Forget {
		add(key.ID)
	}
	return web.JSON(v.Ctx, fiber.StatusOK, told)
}

func subscribed(typ string) []collections.Subscription {
	return []collections.Subscription{{Type: typ}}
}

// listQuery is a list's query as an address has it, for the page's script.
func listQuery(a address) string {
	a.after, a.count, a.open = "", false, ""
	q := a.query()
	if len(q) == 0 {
		q = url.Values{"view": {allView}}
	}
	return q.Encode()
}
