package types_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// sentence makes the form of a condition of one row.
func sentence(field, op, as, value string) url.Values {
	return admintest.Values("from", "null", "do", "save", "when.join", "all", "when.0.field", field, "when.0.op", op, "when.0.as", as, "when.0.value", value)
}

// Ensure a field is shown and required under conditions made as sentences, and a hidden
// field never blocks.
func TestWhen(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	shown, required := orderForm+"/when?field=price", orderForm+"/when?field=price&what=required"
	p := b.Get(shown).Want(http.StatusOK)
	p.Says("h1", "When is Price shown?")
	p.Count("[name='when.0.field']", 1)

	form := sentence("status", "is", "choice", `"done"`)
	p = b.Follow(b.Post(shown, form)).Want(http.StatusOK)
	p.Says("#f-price .row-top", "shown when Status is")
	p.Says("#group-conditions", "Shown When Status is")
	p = b.Follow(b.Post(required, sentence("urgent", "is-yes", "", ""))).Want(http.StatusOK)
	p.Says("#f-price .row-top", "required when Urgent is")

	b.Post(shown, form).Want(http.StatusSeeOther) // what is asked for stands there already
	p = b.Post(shown, sentence("status", "is", "choice", `"open"`)).Want(http.StatusConflict)
	p.Says("[role=alert]", "Somebody else changed it meanwhile")
	b.Post(shown, admintest.Values("from", p.Find("[name=from]").AttrOr("value", ""), "do", "clear")).Want(http.StatusSeeOther)
	b.Get(orderForm).SaysNot("#f-price .row-top", "shown when")
	b.Get(orderForm + "/when?field=nothing").Want(http.StatusNotFound)

	// Inside rows it is the row that is asked about.
	done(b, "do", "add", "kind", "rows", "value", "Goods", "into", "", "after", "title", "section", "")
	done(b, "do", "add", "kind", "number", "value", "Weight", "into", "goods/*", "after", "")
	p = b.Get(orderForm + "/when?field=goods%2F*%2Fweight").Want(http.StatusOK)
	p.Says("[name='when.0.field']", "Weight")
	p.SaysNot("[name='when.0.field']", "Status")
}

// Ensure the rehearsal is of the draft, and of the field that it was asked for.
func TestRehearse(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	p := b.Get(orderForm + "?field=parts").Want(http.StatusOK)
	p.Says("#group-together", "The rows of both stay")
	at, _ := p.Find(".rehearse a").Attr("href")
	p = b.Get(at).Want(http.StatusOK)
	if got, _ := p.Find("#rehearsal").Attr("data-field"); got != "parts" {
		t.Errorf("it begins with %q", got)
	}
	b.As("eve").Get(at).Want(http.StatusForbidden)
}
