package office_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/internal/activity"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// TestPages_OwnersOnly: nobody else sees the ways, or gets in without them.
func TestPages_OwnersOnly(t *testing.T) {
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	if dana.Get("/admin").Find(`nav a[href="/admin/settings"]`).Length() > 0 {
		t.Error("a designer is shown the settings")
	}
	for _, path := range []string{"/admin/activity", "/admin/activity/log", "/admin/activity/log.csv", "/admin/webhooks", "/admin/settings"} {
		dana.Get(path).Want(http.StatusForbidden)
	}
}

// TestActivity_Charts shows what was counted, as bars and in a table.
func TestActivity_Charts(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Activity.Add(activity.Counts{Accepted: 1234, Refused: 6})
	page := w.As("olga").Get("/admin/activity?span=7d").Want(http.StatusOK)
	chart := page.Find("#chart-changes")
	if got := strings.TrimSpace(chart.Find(".chart-total").Text()); !strings.HasPrefix(got, "1,240") {
		t.Errorf("the total is %q", got)
	}
	if bars := chart.Find("rect.bar").Length(); bars != 28 {
		t.Errorf("%d bars", bars)
	}
	if row := chart.Find("tbody tr").Last().Text(); !strings.Contains(row, "1,234") || !strings.Contains(row, "6") {
		t.Errorf("the last row is %q", row)
	}
}

// TestTrail_FiltersAndFile shows the lines that fit, page by page, and gives them as a
// file that no spreadsheet runs.
func TestTrail_FiltersAndFile(t *testing.T) {
	w := admintest.NewWorld(t)
	for range 60 {
		w.Accounts.Note(t.Context(), admintest.System, auth.AuditEntry{Area: auth.AreaRecords, Did: "imported records", About: "=cmd()"})
	}
	olga := w.As("olga")
	page := olga.Get("/admin/activity/log?area=records&who=SYS").Want(http.StatusOK)
	if n := page.Find("tbody tr").Length(); n != 50 {
		t.Fatalf("%d lines", n)
	}
	older, _ := page.Find(".pages a").Attr("href")
	if n := olga.Get(older).Find("tbody tr").Length(); n != 10 {
		t.Errorf("%d older lines", n)
	}
	olga.Get("/admin/activity/log?area=records&who=wim").Says("main", "No line fits")
	olga.Get("/admin/activity/log?from=yesterday").Says("main", "Give a day such as")
	file := olga.Get("/admin/activity/log.csv?area=records")
	if n := strings.Count(file.Body, "imported records"); n != 60 || strings.Contains(file.Body, ",=cmd") {
		t.Errorf("%d lines in the file:\n%.200s", n, file.Body)
	}
}

// TestWebhooks_Flow makes one, tests it, changes it, and removes it; the trail has it all.
func TestWebhooks_Flow(t *testing.T) {
	w := admintest.NewWorld(t)
	endpoint := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("thanks")) }))
	defer endpoint.Close()
	olga := w.As("olga")
	form := url.Values{"name": {"Tickets"}, "url": {endpoint.URL + "/x?key=hidden"}, "enabled": {"yes"}}
	olga.Post("/admin/webhooks/_new", form).Want(http.StatusBadRequest).Says("main", "Choose at least one thing")
	form["events"], form["types"] = []string{"created"}, []string{"order"}
	page := olga.Post("/admin/webhooks/_new", form).Want(http.StatusCreated)
	if secret := page.Find("#secret-text").Text(); !strings.HasPrefix(secret, "whsec_") {
		t.Errorf("the secret is %q", secret)
	}
	list := olga.Get("/admin/webhooks")
	path, _ := list.Find(".card a").Attr("href")
	if strings.Contains(list.Body, "key=") || path == "" {
		t.Fatalf("the list: %s", list.Find(".cards").Text())
	}
	olga.Post(path+"/test", nil).Want(http.StatusOK).Says("main", "The endpoint took it: 200")
	if olga.Get(path).Find("#secret-text").Length() > 0 {
		t.Error("the secret is shown again")
	}
	edit := olga.Get(path + "/edit")
	form.Set("saw", edit.Find(`input[name="saw"]`).AttrOr("value", ""))
	form.Set("name", "Desk")
	form.Set("where.join", "all")
	olga.Post(path+"/edit", form).Redirects(path + "?done=hook-saved")
	form.Set("name", "Counter")
	olga.Post(path+"/edit", form).Want(http.StatusConflict).Says("main", "olga changed this meanwhile")
	delivery, _ := olga.Get(path).Find("tbody a").First().Attr("href")
	olga.Get(delivery).Want(http.StatusOK).Says("main", "thanks")
	olga.Post(delivery, nil).Want(http.StatusOK).Says("main", "The endpoint took it")
	olga.Post(path+"/secret", nil).Want(http.StatusOK).Says("main", "whsec_")
	olga.Post(path+"/remove", nil).Redirects("/admin/webhooks?done=hook-removed")
	olga.Get(path).Want(http.StatusNotFound)
	trail := olga.Get("/admin/activity/log?area=webhooks")
	for _, did := range []string{"made a webhook", "changed a webhook", "sent a message again", "made a new secret", "removed a webhook"} {
		trail.Says("main", did)
	}
}

// TestWebhooks_Condition is about one type, and kept when something else is wrong.
func TestWebhooks_Condition(t *testing.T) {
	w := admintest.NewWorld(t)
	olga := w.As("olga")
	form := url.Values{"name": {"Tickets"}, "url": {"https://example.com"}, "events": {"created"}, "narrow": {"yes"}}
	olga.Post("/admin/webhooks/_new", form).Want(http.StatusBadRequest).Says("main", "choose that one alone")
	form.Set("types", "order")
	page := olga.Post("/admin/webhooks/_new", form).Want(http.StatusOK)
	if n := page.Find(".condition-parts li").Length(); n != 1 {
		t.Errorf("%d rows of the condition", n)
	}
	if list, err := w.Hooks.List(t.Context(), admintest.System); err != nil || len(list) > 0 {
		t.Errorf("one was made: %v", err)
	}
}

// TestSettings_Clash: what two owners set is kept, and what both did is told.
func TestSettings_Clash(t *testing.T) {
	w := admintest.NewWorld(t)
	olga := w.As("olga")
	saw := olga.Get("/admin/settings").Find(`input[name="saw"]`).AttrOr("value", "")
	olga.Post("/admin/settings", url.Values{"saw": {saw}, "name": {"Harbour works"}}).Redirects("/admin/settings?done=settings")
	olga.Post("/admin/settings", url.Values{"saw": {saw}, "language": {"de"}}).Redirects("/admin/settings?done=settings")
	page := olga.Post("/admin/settings", url.Values{"saw": {saw}, "name": {"Other works"}}).Want(http.StatusConflict)
	if got := page.Find("#in-name").AttrOr("value", ""); got != "Other works" {
		t.Errorf("what was typed became %q", got)
	}
	now := w.Settings.Values(t.Context())
	if now.Name != "Harbour works" || now.Language != "de" {
		t.Errorf("%+v", now)
	}
	if brand := strings.TrimSpace(olga.Get("/admin").Find(".brand").Text()); brand != "Harbour works" {
		t.Errorf("the brand is %q", brand)
	}
	if lang := w.Guest().Get("/sign-in").Find("html").AttrOr("lang", ""); lang != "de" {
		t.Errorf("a guest reads %q", lang)
	}
}

// TestBackups_Flow makes one, looks into it, takes it, has it restored, and takes that
// back; asks for a restart only when told to; and removes it.
func TestBackups_Flow(t *testing.T) {
	w := admintest.NewWorld(t)
	olga := w.As("olga")
	olga.Get("/admin/backups").Want(http.StatusOK).Says("main", "No backup yet")
	olga.Post("/admin/backups", nil).Redirects("/admin/backups")
	for end := time.Now().Add(10 * time.Second); w.Backups.Progress().Running; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the backup does not end")
		}
	}
	path, _ := olga.Get("/admin/backups").Find(`td.end a:not([download])`).First().Attr("href")
	olga.Get(path).Want(http.StatusOK).Says("main", "Work order")
	if file := olga.Get(path + "/download").Want(http.StatusOK); file.Body == "" || !strings.Contains(file.Header.Get("Content-Disposition"), ".db") {
		t.Errorf("the file has %d bytes", len(file.Body))
	}
	olga.Post(path+"/restore", url.Values{"when": {"later"}}).Redirects("/admin/backups")
	olga.Get("/admin/backups").Says("main", "The next start restores a backup")
	olga.Post(path+"/remove", nil).Want(http.StatusConflict)
	olga.Post("/admin/backups/keep", nil).Redirects("/admin/backups?done=unstaged")
	if n := w.Restarts.Load(); n != 0 {
		t.Errorf("%d restarts", n)
	}
	olga.Post(path+"/restore", url.Values{"when": {"now"}}).Want(http.StatusAccepted).Says("main", "The server starts anew")
	for end := time.Now().Add(10 * time.Second); w.Restarts.Load() != 1; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what is here is not backed up, or the server is not started anew")
		}
	}
	if list, err := w.Backups.List(admintest.System); err != nil || len(list) != 2 {
		t.Errorf("%v, %v: want the one that is restored and the one of what is here", list, err)
	}
	olga.Post("/admin/backups/keep", nil)
	olga.Post(path+"/remove", nil).Redirects("/admin/backups?done=backup-removed")
	olga.Get(path).Want(http.StatusNotFound)
	w.As("dana").Get("/admin/backups").Want(http.StatusForbidden)
}

// TestBackups_Plan keeps what was typed when it is wrong.
func TestBackups_Plan(t *testing.T) {
	w := admintest.NewWorld(t)
	olga := w.As("olga")
	saw := olga.Get("/admin/backups").Find(`input[name="saw"]`).AttrOr("value", "")
	page := olga.Post("/admin/backups/plan", url.Values{"saw": {saw}, "at": {"03:30"}, "keep": {"many"}}).Want(http.StatusBadRequest)
	if page.Find("#in-keep").AttrOr("value", "") != "many" || page.Find("#in-at").AttrOr("value", "") != "03:30" {
		t.Error("what was typed is lost")
	}
	olga.Post("/admin/backups/plan", url.Values{"saw": {saw}, "at": {"03:30"}, "keep": {"3"}}).Redirects("/admin/backups?done=plan")
	if v := w.Settings.Values(t.Context()); v.BackupAt != "03:30" || v.Kept() != 3 {
		t.Errorf("%+v", v)
	}
}

// TestBackups_Brought: a file is taken up to the limit, and read before it is listed.
func TestBackups_Brought(t *testing.T) {
	w := admintest.NewWorld(t)
	olga := w.As("olga")
	page := olga.Upload("/admin/backups/upload", map[string]string{"file": "a backup"})
	path := page.Header.Get("Location")
	olga.Get(path).Want(http.StatusOK).Says("main", "from elsewhere")
	olga.Upload("/admin/backups/upload", map[string]string{"file": ""}).Want(http.StatusBadRequest).Says(".notice.wrong", "Choose a file")
	for size, status := range map[int]int{admintest.MaxImport: http.StatusSeeOther, admintest.MaxImport + 100<<10: http.StatusRequestEntityTooLarge} {
		p := olga.Upload("/admin/backups/upload", map[string]string{"file": strings.Repeat("x", size)}).Want(status)
		if status != http.StatusSeeOther {
			p.Says(".notice.wrong", "larger than 12 MiB")
			p.Says(".notice.wrong", "--backup-limit")
		}
	}
	if list, err := w.Backups.List(admintest.System); err != nil || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	w.As("dana").Upload("/admin/backups/upload", map[string]string{"file": "x"}).Want(http.StatusForbidden)
}

// Ensure owners, and nobody else, see which servers there are.
func TestServers(t *testing.T) {
	w := admintest.NewWorld(t)
	w.As("dana").Get("/admin/servers").Want(http.StatusForbidden)
	card := w.As("olga").Get("/admin/servers").Want(http.StatusOK).Find("#servers .card")
	if text := card.Text(); card.Length() != 1 || !strings.Contains(text, "north") || !strings.Contains(text, "192.0.2.1:8090") || !strings.Contains(text, "This one") {
		t.Errorf("%d cards: %s", card.Length(), text)
	}
}
