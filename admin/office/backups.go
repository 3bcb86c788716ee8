package office

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/backups"
	"github.com/fieldstack/fieldstack/internal/settings"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

func toBackups(ctx context.Context) templates.Link {
	return templates.Link{Text: words.Say(ctx, "Backups"), Href: "/admin/backups"}
}

// backups lists the backups.
func (p *pages) backups(v *ui.Visit) error {
	now := p.Settings.Values(v.UserContext())
	return p.listBackups(v, now, now, strconv.Itoa(now.Kept()), nil)
}

// listBackups lists the backups, with the plan as it was typed and what is wrong.
func (p *pages) listBackups(v *ui.Visit, saw, typed settings.Values, keep string, err error) error {
	ctx := v.UserContext()
	status, wrong := fiber.StatusOK, &collections.Error{}
	if err != nil {
		var other error
		if status, wrong, other = p.Mistake(err); other != nil {
			return other
		}
	}
	text, err := json.Marshal(saw)
	list, listErr := p.Backups.List(v.Actor())
	staged, stagedErr := p.Backups.Staged()
	if err := errors.Join(err, listErr, stagedErr); err != nil {
		return err
	}
	progress := p.Backups.Progress()
	page := views.BackupsPage{
		Frame: p.frame(v, templates.SectionSettings, words.Say(ctx, "Backups")), Tabs: p.settingsTabs(ctx, "backups"), Saw: string(text),
		Running: progress.Running, Wrong: progress.Fault, Failed: p.Backups.Failed(),
		Most: p.MaxBackup, TooLarge: words.Say(ctx, "This file is larger than %d MiB, which is the most that is taken here: start the server with a larger --backup-limit, or restore it by the command “fieldstack restore”.", p.MaxBackup>>20),
		At:   templates.Input{Name: "at", Label: words.Say(ctx, "At (UTC)"), Value: typed.BackupAt, Hint: words.Say(ctx, "Empty for none.")},
		Keep: templates.Input{Name: "keep", Label: words.Say(ctx, "How many are kept"), Value: keep, Hint: words.Say(ctx, "Of those made every day. Those made by hand stay until they are removed.")},
	}
	page.Frame.Scripts = append(page.Frame.Scripts, "transfer.js", "upload.js")
	if progress.Total > 0 {
		page.Done = strconv.FormatInt(progress.Done*100/progress.Total, 10) + " %"
	}
	if staged != nil {
		page.Staged = staged.Name
	}
	beside := map[string]*templates.Input{"backupAt": &page.At, "backupKeep": &page.Keep}
	if input := beside[wrong.Field]; input != nil {
		input.Error = show.Sentence(ctx, wrong.Message)
	} else if show.Sentence(ctx, wrong.Message) != "" {
		page.Wrong = show.Sentence(ctx, wrong.Message)
	}
	for _, b := range list {
		page.Backups = append(page.Backups, views.BackupLine{Name: b.Name, Href: "/admin/backups/" + b.Name, Made: p.Moment(ctx, b.Made), Kind: kindName(ctx, b.Kind), Size: size(b.Size)})
	}
	return ui.Render(v.Ctx, status, views.Backups(page))
}

// kindName says how a backup came about.
func kindName(ctx context.Context, k backups.Kind) string {
	switch k {
	case backups.Daily:
		return words.Say(ctx, "every day")
	case backups.Received:
		return words.Say(ctx, "from elsewhere")
	}
	return words.Say(ctx, "by hand")
}

// size says bytes as people do.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return strconv.FormatFloat(float64(bytes)/(1<<30), 'f', 1, 64) + " GB"
	case bytes >= 1<<20:
		return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64) + " MB"
	}
	return strconv.FormatInt(bytes>>10, 10) + " kB"
}

// makeBackup starts making one.
func (p *pages) makeBackup(v *ui.Visit) error {
	if err := p.Backups.Start(v.Actor()); err != nil {
		now := p.Settings.Values(v.UserContext())
		return p.listBackups(v, now, now, strconv.Itoa(now.Kept()), err)
	}
	p.note(v, auth.AreaBackups, "made a backup", "", "")
	return ui.SeeOther(v.Ctx, "/admin/backups", "")
}

// savePlan sets when a backup is made every day, and how many are kept.
func (p *pages) savePlan(v *ui.Visit) error {
	ctx := v.UserContext()
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	var saw settings.Values
	if json.Unmarshal([]byte(form.Get("saw")), &saw) != nil {
		return ui.BadForm()
	}
	to := saw
	to.BackupAt = form.Get("at")
	keep := form.Get("keep")
	if to.BackupKeep, err = strconv.Atoi(keep); err != nil || to.BackupKeep < 1 {
		return p.listBackups(v, saw, to, keep, collections.Errorf(collections.Invalid, "backupKeep", "Give a number, such as 7."))
	}
	if saw.BackupKeep == 0 && to.BackupKeep == settings.DefaultKeep {
		to.BackupKeep = 0
	}
	if _, err := p.Settings.Update(ctx, v.Actor(), saw, to); err != nil {
		if isCode(err, collections.Exists) {
			saw = p.Settings.Values(ctx)
		}
		return p.listBackups(v, saw, to, keep, err)
	}
	p.note(v, auth.AreaSettings, "changed the settings", "", to.BackupAt)
	return ui.SeeOther(v.Ctx, "/admin/backups", "plan")
}

// backup shows what is in one.
func (p *pages) backup(v *ui.Visit) error {
	ctx := v.UserContext()
	b, report, err := p.Backups.Look(ctx, v.Actor(), v.Params("file"))
	if b == nil {
		return err
	}
	page := views.BackupPage{
		Frame: p.frame(v, templates.SectionSettings, words.Say(ctx, "What is in this backup"), toBackups(ctx)),
		Name:  b.Name, Path: "/admin/backups/" + b.Name, Made: p.Moment(ctx, b.Made), Kind: kindName(ctx, b.Kind), Size: size(b.Size),
	}
	if err != nil {
		_, wrong, other := p.Mistake(err)
		if other != nil {
			return other
		}
		page.Wrong = show.Sentence(ctx, wrong.Message)
		return ui.Render(v.Ctx, fiber.StatusOK, views.Backup(page))
	}
	page.Newest, page.Records, page.Entries = p.Moment(ctx, report.Newest), number(ctx, uint64(report.Records)), number(ctx, uint64(report.Entries))
	titles, _, err := p.titles(v)
	if err != nil {
		return err
	}
	for _, t := range report.Types {
		title := titles[t.Type]
		if title == "" {
			title = t.Type
		}
		page.Types = append(page.Types, views.TypeCount{Type: title, Records: number(ctx, uint64(t.Records)), Trash: number(ctx, uint64(t.Trash))})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Backup(page))
}

// download gives one out.
func (p *pages) download(v *ui.Visit) error {
	name, a := v.Params("file"), v.Actor()
	list, err := p.Backups.List(a)
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Name == name {
			p.note(v, auth.AreaBackups, "took a backup", name, "")
			return web.Download(v.Ctx, name, "application/octet-stream", func(ctx context.Context, w io.Writer) error {
				return p.Backups.Send(ctx, a, name, w)
			})
		}
	}
	return collections.Errorf(collections.NotFound, "", "There is no such backup: it may have been removed.")
}

// receiveBackup takes in one that somebody brings, and shows what is in it.
func (p *pages) receiveBackup(v *ui.Visit) error {
	ctx := v.UserContext()
	name, err := p.Backups.Receive(ctx, v.Actor(), func(w io.Writer) error {
		_, err := ui.ReadUpload(v, w)
		return err
	})
	if isCode(err, collections.TooLarge) {
		err = collections.Errorf(collections.TooLarge, "", "This file is larger than %d MiB, which is the most that is taken here: start the server with a larger --backup-limit, or restore it by the command “fieldstack restore”.", p.MaxBackup>>20)
	}
	if err != nil {
		now := p.Settings.Values(ctx)
		return p.listBackups(v, now, now, strconv.Itoa(now.Kept()), err)
	}
	p.note(v, auth.AreaBackups, "brought a backup", name, "")
	return ui.SeeOther(v.Ctx, "/admin/backups/"+name, "")
}

// askRemoveBackup asks whether one shall go.
func (p *pages) askRemoveBackup(v *ui.Visit) error {
	ctx, name := v.UserContext(), v.Params("file")
	page := templates.ConfirmPage{
		Frame:   p.frame(v, templates.SectionSettings, words.Say(ctx, "Remove this backup?"), toBackups(ctx)),
		Heading: words.Say(ctx, "Remove this backup?"), Message: words.Say(ctx, "%s is deleted for good.", name), Danger: true,
		Action: "/admin/backups/" + name + "/remove", Do: words.Say(ctx, "Remove the backup"), Back: templates.Link{Text: words.Say(ctx, "Cancel"), Href: "/admin/backups"},
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(page))
}

// removeBackup removes one.
func (p *pages) removeBackup(v *ui.Visit) error {
	name := v.Params("file")
	if err := p.Backups.Remove(v.Actor(), name); err != nil {
		return err
	}
	p.note(v, auth.AreaBackups, "removed a backup", name, "")
	return ui.SeeOther(v.Ctx, "/admin/backups", "backup-removed")
}

// restore has the next start restore one. Where it is to be now, what is here is backed up
// first, and then the server starts anew.
func (p *pages) restore(v *ui.Visit) error {
	ctx, name := v.UserContext(), v.Params("file")
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	if form.Get("when") != "now" {
		if err := p.Backups.Stage(ctx, v.Actor(), name); err != nil {
			return err
		}
		p.note(v, auth.AreaBackups, "chose a backup to restore", name, "")
		return ui.SeeOther(v.Ctx, "/admin/backups", "")
	}
	page := views.RestartPage{Frame: p.frame(v, templates.SectionSettings, words.Say(ctx, "The server starts anew")), Name: name}
	p.note(v, auth.AreaBackups, "chose a backup to restore", name, "")
	if err := p.Backups.StartRestore(ctx, v.Actor(), name, p.Restart); err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusAccepted, views.Restart(page))
}

// unstage has nothing restored.
func (p *pages) unstage(v *ui.Visit) error {
	if err := p.Backups.Unstage(v.Actor()); err != nil {
		return err
	}
	p.note(v, auth.AreaBackups, "took a restore back", "", "")
	return ui.SeeOther(v.Ctx, "/admin/backups", "unstaged")
}
