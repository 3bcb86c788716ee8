package office

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	quiet := activityStory()
	quiet.Quiet, quiet.Charts = true, quiet.Charts[1:]
	empty := logStory()
	empty.Lines, empty.Older, empty.Clear = nil, "", ""
	trouble, calm := hookStory(), hookStory()
	trouble.Paused, trouble.Deliveries = true, nil
	calm.Waiting, calm.Result.OK, calm.Secret = false, true, nil
	bare := hookFormStory()
	bare.Rows, bare.Type, bare.Wrong = nil, nil, ""
	return []story.Story{
		story.Tell("activity", Activity, activityStory()),
		story.Tell("activity-quiet", Activity, quiet),
		story.Tell("log", Log, logStory()),
		story.Tell("log-empty", Log, empty),
		story.Tell("hooks", Hooks, hooksStory()),
		story.Tell("hooks-none", Hooks, HooksPage{Frame: framed("Webhooks"), Tabs: tabsStory()}),
		story.Tell("hook", Hook, hookStory()),
		story.Tell("hook-paused", Hook, trouble),
		story.Tell("hook-calm", Hook, calm),
		story.Tell("hook-form", HookForm, hookFormStory()),
		story.Tell("hook-form-new", HookForm, bare),
		story.Tell("delivery", DeliveryOf, DeliveryPage{
			Frame: framed("Delivery"), Path: "/admin/webhooks/1", Line: deliveryStory(false), Message: "evt_1_2", Body: "not today", Next: story.Noon(), Again: "/admin/webhooks/1/deliveries/2",
		}),
		story.Tell("backups", Backups, backupsStory()),
		story.Tell("backups-none", Backups, BackupsPage{Frame: framed("Backups"), Tabs: tabsStory(), Running: true, At: story.Typed("at", "At"), Keep: story.Typed("keep", "Keep")}),
		story.Tell("backup", Backup, backupStory()),
		story.Tell("backup-damaged", Backup, BackupPage{Frame: framed("Backup"), Name: "fieldstack-20261122-033000-daily.db", Path: "/admin/backups/x", Made: story.Noon(), Kind: "every day", Size: "1.2 MB", Wrong: "This file is damaged."}),
		story.Tell("restart", Restart, RestartPage{Frame: framed("Restart"), Name: "fieldstack-20261122-033000-daily.db"}),
		story.Tell("servers", Servers, serversStory()),
		story.Tell("servers-alone", Servers, ServersPage{Frame: framed("Servers"), Tabs: tabsStory(), Alone: true, Servers: serversStory().Servers[:1]}),
		story.Tell("backups-elsewhere", BackupsElsewhere, BackupsElsewherePage{Frame: framed("Backups"), Tabs: tabsStory()}),
		story.Tell("settings", Settings, SettingsPage{
			Frame: framed("Settings"), Tabs: tabsStory(), Saw: "{}", Wrong: "This is not right.", Name: story.Typed("name", "Name"),
			Language: story.Typed("language", "Language"), Languages: story.Choices(), Private: story.Typed("private", "Webhooks"), Privates: story.Choices(),
			Facts: []Fact{{"History is kept", "for ever", "--keep-history"}},
		}),
	}
}

func tabsStory() []templates.Tab {
	return []templates.Tab{{Text: "General", Href: "/admin/settings", Current: true}, {Text: "Webhooks", Href: "/admin/webhooks"}}
}

func serversStory() ServersPage {
	return ServersPage{
		Frame: framed("Servers"), Tabs: tabsStory(),
		Servers: []ServerLine{
			{Name: "north-1", Address: "192.0.2.1:8090", Version: "fieldstack 1.0", State: HookState{Kind: StateGood, Text: "This one"}, Since: story.Noon(), Heard: story.Noon(), Does: "Sends the webhooks."},
			{Name: "a-machine-with-a-name-that-is-so-long-that-it-must-be-broken.example", Address: "[2001:db8::1]:8090", Version: "fieldstack 1.0", State: HookState{Kind: StateBad, Text: "Silent"}, Since: story.Noon(), Heard: story.Noon()},
		},
	}
}

func activityStory() ActivityPage {
	bars := []Bar{
		{When: "22 Nov, 10:00", Main: "12", Rest: "3", MainUp: 800, RestUp: 200, MainText: "12 accepted", Tipped: "22 Nov, 10:00: 12 accepted, 3 refused"},
		{When: "22 Nov, 11:00", Main: "0", Rest: "0", Tipped: "22 Nov, 11:00: 0 accepted, 0 refused"},
	}
	return ActivityPage{
		Frame: framed("Activity"), Tabs: tabsStory(), Span: "in the last 24 hours",
		Spans: []templates.Tab{{Text: "24 hours", Href: "/admin/activity?span=24h", Current: true}, {Text: "7 days", Href: "/admin/activity?span=7d"}},
		Charts: []Chart{
			{ID: "changes", Title: "Changes", Total: "15", About: "What people did.", Main: "accepted", Rest: "refused", Most: "15", From: "22 Nov, 10:00", To: "22 Nov, 11:00", Bars: bars},
			{ID: "syncs", Title: "Syncs", Total: "0", About: "How often devices came.", Main: "syncs", Most: "1", From: "22 Nov, 10:00", To: "22 Nov, 11:00", Bars: bars[1:]},
		},
	}
}

func logStory() LogPage {
	return LogPage{
		Frame: framed("Who did what"), Tabs: tabsStory(), Who: story.Typed("who", "Who"), Area: story.Typed("area", "What"), Areas: story.Choices(),
		From: story.Typed("from", "From day"), To: templates.Input{Name: "to", Label: "To day", Value: "2026-11-22"},
		Clear: "/admin/activity/log", CSV: "/admin/activity/log.csv", Older: "/admin/activity/log?after=x", Filtered: true,
		Lines: []Line{
			{When: story.Noon(), Who: "olga", Area: "Types", Did: "published a version", About: "work-order", Detail: "3", From: "192.0.2.1"},
			{When: story.Noon(), Who: "wim", Area: "Sign-in", Did: "signed in"},
		},
	}
}

func hooksStory() HooksPage {
	states := []HookState{
		{Kind: StateGood, Text: "On"}, {Kind: StateWarn, Text: "Trying again", Fault: "The endpoint answered 503."},
		{Kind: StateBad, Text: "Paused", Fault: "The endpoint has not taken a message for 3 days."}, {Kind: StateOff, Text: "Off"},
	}
	page := HooksPage{Frame: framed("Webhooks"), Tabs: tabsStory()}
	for _, s := range states {
		page.Hooks = append(page.Hooks, HookLine{Name: "Tickets", Href: "/admin/webhooks/1", Address: "https://example.com/told?…", Chooses: "All types: created, changed", State: s, Taken: story.Noon()})
	}
	return page
}

func deliveryStory(ok bool) Delivery {
	d := Delivery{
		Href: "/admin/webhooks/1/deliveries/2", When: story.Noon(), Kind: "record.created", OK: ok, Answer: "503", Took: "12 ms",
		Record: "0192f0c1-7b5e-7000-8000-000000000001", Link: "/admin/types/work-order/records/1", Fault: "The endpoint answered 503.", Try: "attempt 2",
	}
	if ok {
		d.Answer, d.Fault, d.Try = "200", "", ""
	}
	return d
}

func hookStory() HookPage {
	result := deliveryStory(false)
	return HookPage{
		Frame: framed("Tickets"), Name: "Tickets", Path: "/admin/webhooks/1", Address: "https://example.com/told?…", Chooses: "Work order: created, changed",
		Where: "Status is done", By: "olga", State: HookState{Kind: StateWarn, Text: "Trying again", Fault: "The endpoint answered 503."}, Next: story.Noon(), Waiting: true,
		Result: &result, Secret: &templates.Secret{Label: "The secret", Text: "whsec_c2VjcmV0", Explained: "It is not shown again."},
		Deliveries: []Delivery{deliveryStory(false), deliveryStory(true)},
	}
}

func hookFormStory() HookFormPage {
	return HookFormPage{
		Frame: framed("Edit the webhook"), Heading: "Edit the webhook", Action: "/admin/webhooks/1/edit", Back: "/admin/webhooks/1", Do: "Save the webhook", Saw: "{}", Wrong: "Somebody was faster.",
		Name: story.Typed("name", "Name"), URL: story.Typed("url", "Address"), Events: story.Typed("events", "Of a record that is"), Event: story.Choices(),
		Types: story.Typed("types", "Of these types"), Type: story.Choices(), Where: templates.Input{Name: "where", Label: "Only where", Hint: "What must be so."},
		Rows:    &condition.Model{Name: "where", Label: "Only where", Says: "Status is done", Root: condition.Part{Group: true, Joins: story.Choices()}},
		Enabled: templates.Input{Name: "enabled", Label: "Sending"}, On: story.Choices()[:1],
	}
}

func backupsStory() BackupsPage {
	return BackupsPage{
		Frame: framed("Backups"), Tabs: tabsStory(), Wrong: "The backup failed.", Running: true, Done: "40 %", Staged: "fieldstack-20261122-033000-daily.db", Failed: "It was not restored.",
		Saw: "{}", At: story.Typed("at", "At"), Keep: story.Typed("keep", "Keep"),
		Backups: []BackupLine{{Name: "fieldstack-20261122-033000-daily.db", Href: "/admin/backups/fieldstack-20261122-033000-daily.db", Made: story.Noon(), Kind: "every day", Size: "1.2 MB"}},
	}
}

func backupStory() BackupPage {
	return BackupPage{
		Frame: framed("Backup"), Name: "fieldstack-20261122-033000-daily.db", Path: "/admin/backups/fieldstack-20261122-033000-daily.db", Made: story.Noon(), Kind: "every day", Size: "1.2 MB",
		Newest: story.Noon(), Records: "1,234", Entries: "5,678", Types: []TypeCount{{"Work order", "1,200", "34"}},
	}
}

// framed is a frame with the area's style.
func framed(title string) templates.Frame {
	f := story.Frame(title)
	f.Styles = []string{"office.css"}
	return f
}
