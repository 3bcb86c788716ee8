package types_test

import (
	"net/http"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// Ensure a new field moves into rows and out of them, by every way there is, and one that
// was published is copied instead.
func TestPlace(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	done(b, "do", "add", "kind", "group", "value", "Site", "into", "", "after", "title", "section", "")
	done(b, "do", "add", "kind", "rows", "value", "Goods", "into", "", "after", "title", "section", "")
	p := done(b, "do", "add", "kind", "date", "value", "Seen", "into", "", "after", "site", "section", "")
	p.Says("#set-place", "The record itself Goods Site")

	// By its settings.
	p = done(b, "do", "move-to", "path", "seen", "at", "seen", "value", "goods/*")
	p.Count(`[data-list][data-into="goods/*"] > #f-goods_2f_2a_2fseen`, 1)
	p.Says("#panel .sub", "seen")
	p = done(b, "do", "undo")
	p.Count("#f-seen", 1)

	// By keys.
	p = done(b, "do", "in", "path", "seen")
	p.Count(`[data-into="site"] > #f-site_2fseen`, 1)
	do(b, "do", "in", "path", "site/seen").Want(http.StatusUnprocessableEntity).Says("#set-place-error", "No group and no rows stand right above it")
	p = done(b, "do", "out", "path", "site/seen")
	p.Count("#f-site + #f-seen", 1)

	// By drag, and where it cannot go.
	p = done(b, "do", "move-into", "path", "seen", "into", "site", "after", "")
	p.Count(`[data-into="site"] > #f-site_2fseen`, 1)
	p = do(b, "do", "move-into", "path", "due", "into", "site", "after", "").Want(http.StatusUnprocessableEntity)
	p.Says("#set-place-control", "It cannot move there: it was published.")
	p.Count(`#set-place option[value="site"][selected]`, 1)
	p = b.Follow(pressCopy(b)).Want(http.StatusOK)
	p.Count(`#f-site_2fdue`, 1)
	p.Count(`#f-due`, 1)
}

// pressCopy copies the due date into the site, as the panel offers.
func pressCopy(b *admintest.Browser) *admintest.Page {
	return do(b, "do", "copy-to", "path", "due", "value", "site")
}
