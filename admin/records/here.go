package records

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// lookEvery is how often a page hears whether its record moved on. To look costs a
// number, and a read of the record only after something was committed.
const lookEvery = time.Second

func (p *pages) hereRoutes() []web.Route {
	return []web.Route{
		p.Get("/admin/here", web.SignedIn, p.here),
		p.Post("/admin/here", web.SignedIn, p.focus),
	}
}

// here is a stream of who else has a page open, and of what moved there: events "here",
// a list of [presence.Person], and "moved", a [presence.Move].
func (p *pages) here(v *ui.Visit) error {
	g := &guest{pages: p, actor: v.Actor(), at: v.Query("at"), page: v.Query("page")}
	if err := g.knock(v.UserContext()); err != nil {
		return err
	}
	return web.Stream(v.Ctx, g.stay)
}

// focus says which field somebody is at, or that their page is closed: the end of a
// stream is noticed late.
func (p *pages) focus(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	const most = 200
	if form.Get("leave") != "" {
		p.hub.SendAway(form.Get("at"), v.Actor().User, form.Get("page"), p.Now())
	} else if field := form.Get("field"); len(field) <= most {
		p.hub.Focus(form.Get("at"), v.Actor().User, form.Get("page"), field, p.Now())
	}
	v.Status(fiber.StatusNoContent)
	return nil
}

// guest is one open page.
type guest struct {
	*pages
	actor collections.Actor
	at    string
	page  string

	record  collections.Key // that the page shows; zero: none
	value   []byte          // of it, as it was seen last
	commits uint64          // when it was
	people  []byte          // as told last
}

// knock lets in who may see what is there.
func (g *guest) knock(ctx context.Context) error {
	nowhere := collections.Errorf(collections.NotFound, "at", "There is no such place.")
	if g.page == "" || len(g.page) > 64 {
		return nowhere
	}
	kind, rest, _ := strings.Cut(g.at, "/")
	switch typ, id, _ := strings.Cut(rest, "/"); kind {
	case "draft":
		if !g.actor.Role.Includes(collections.Designer) || id != "" || rest == "" || len(rest) > 64 {
			return nowhere
		}
	case "record":
		g.record = collections.Key{Type: typ, ID: id}
		_, err := g.look(ctx)
		return err
	default:
		return nowhere
	}
	return nil
}

// look reads the record and says who moved it on since the last look, nil for nobody.
func (g *guest) look(ctx context.Context) (*presence.Move, error) {
	commits := g.asks.Stats().Commits
	if g.value != nil && commits == g.commits {
		return nil, nil
	}
	d, err := g.asks.Get(ctx, g.actor, g.record.Type, g.record.ID)
	if ui.IsNotFound(err) && g.value != nil {
		return &presence.Move{What: "gone"}, nil
	}
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("admin: look at a record: %w", err)
	}
	moved := g.value != nil && !bytes.Equal(value, g.value)
	g.value, g.commits = value, commits
	if !moved {
		return nil, nil
	}
	return &presence.Move{What: "record", Rev: uint64(d.Updated), By: d.UpdatedBy}, nil
}

// stay is in the page's place until the stream ends.
func (g *guest) stay(ctx context.Context, e *web.Events) error {
	me := g.hub.Join(g.at, g.actor.User, g.actor.Name, g.page, g.Now())
	defer func() { me.Leave(g.Now()) }()
	beat, look := time.NewTicker(e.Heartbeat()), time.NewTicker(lookEvery)
	defer beat.Stop()
	defer look.Stop()
	for {
		if err := g.tell(e, me); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-me.News():
		case <-beat.C:
			me.Beat(g.Now())
			if err := e.Beat(""); err != nil {
				return err
			}
		case <-look.C:
			if gone, err := g.tellRecord(ctx, e); err != nil || gone {
				return err
			}
		}
	}
}

// tell says who is here, where that changed, and what others said has moved.
func (g *guest) tell(e *web.Events, me *presence.Guest) error {
	people, moves := me.Take(g.Now())
	list, err := json.Marshal(people)
	if err != nil {
		return fmt.Errorf("admin: tell who is here: %w", err)
	}
	if !bytes.Equal(list, g.people) {
		g.people = list
		if err := e.Event("here", "", list); err != nil {
			return err
		}
	}
	for _, m := range moves {
		if err := tellMove(e, &m); err != nil {
			return err
		}
	}
	return nil
}

// tellRecord says that the record moved on, if it did; after it is gone there is
// nothing more to say.
func (g *guest) tellRecord(ctx context.Context, e *web.Events) (gone bool, err error) {
	if g.record.ID == "" {
		return false, nil
	}
	move, err := g.look(ctx)
	if err != nil {
		return true, endOf(ctx, err)
	}
	if move == nil {
		return false, nil
	}
	return move.What == "gone", tellMove(e, move)
}

// endOf is the error of a stream, nil where it was to end.
func endOf(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func tellMove(e *web.Events, m *presence.Move) error {
	data, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("admin: tell what moved: %w", err)
	}
	return e.Event("moved", "", data)
}
