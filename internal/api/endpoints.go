package api

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/internal/web"
)

// endpoint is one row of the table: a way in, who may use it, and what the contract
// says of it.
type endpoint struct {
	method, path string
	access       web.Access
	handler      fiber.Handler
	contract     operation
}

// route is the endpoint as the server takes it. Those for who watches the server answer
// also while it stops.
func (e *endpoint) route() web.Route {
	return web.Route{Method: e.method, Path: e.path, Access: e.access, Handler: e.handler, Always: !strings.HasPrefix(e.path, "/api/")}
}

// endpoints is the table. Names that begin with _ are ours and come before :type.
func (a *api) endpoints() []endpoint {
	return []endpoint{
		{"GET", "/healthz", web.Public, a.health, op("Whether the process answers: look at /readyz for whether it can serve").gives("health")},
		{"GET", "/readyz", web.Public, a.ready, op("Whether the server can serve, check by check; 503 when it cannot").gives("readiness").or(503, "readiness")},
		{"GET", "/metrics", web.Owners, a.metrics, op("Counts, for Prometheus").text("text/plain")},
		{"GET", "/api/openapi.json", web.Public, a.openapi, op("This contract; with the types, for who may see them").gives("any")},

		{"GET", "/api/_setup", web.Public, a.setupNeeded, op("Whether the server still has no owner").gives("setup")},
		{"POST", "/api/_setup", web.Public, a.setUp, op("Make the first owner, with the token the server printed").takes("setUp").creates("account")},

		{"POST", "/api/_session", web.Public, a.signIn, op("Sign in by name and password, or enrol a device by code").takes("signIn").gives("session")},
		{"GET", "/api/_session", web.SignedIn, a.whoAmI, op("Who is signed in").gives("identity")},
		{"DELETE", "/api/_session", web.SignedIn, a.signOut, op("Sign out").nothing()},
		{"PUT", "/api/_session/password", web.SignedIn, a.changePassword, op("Change one's own password; all other sessions and tokens end").takes("password").gives("session")},

		{"POST", "/api/_sync", web.SignedIn, a.sync, op("Push changes and pull what others did, in one round trip").takes("sync").gives("synced")},
		{"GET", "/api/_events", web.SignedIn, a.events, op("The log from a cursor on, as server-sent events").asks("cursor", "subscribe").text("text/event-stream")},

		{"GET", "/api/_types", web.SignedIn, a.types, op("The latest version of each type").gives("types")},
		{"GET", "/api/_types/:type", web.SignedIn, a.oneType, op("One version of a type").asks("version").gives("type")},
		{"GET", "/api/_types/:type/versions", web.SignedIn, a.versions, op("All versions of a type, oldest first").gives("types")},
		{"GET", "/api/_drafts", web.Designers, a.drafts, op("The unpublished next versions").gives("drafts")},
		{"GET", "/api/_types/:type/draft", web.Designers, a.draft, op("The unpublished next version").gives("draft")},
		{"PUT", "/api/_types/:type/draft", web.Designers, a.saveDraft, op("Save the next version").takes("saveDraft").gives("draft")},
		{"DELETE", "/api/_types/:type/draft", web.Designers, a.discardDraft, op("Discard the next version").nothing()},
		{"GET", "/api/_types/:type/draft/preview", web.Designers, a.preview, op("What publishing the draft would change").gives("comparison")},
		{"POST", "/api/_types/:type/publish", web.Designers, a.publish, op("Publish the draft").takes("empty").creates("published")},
		{"GET", "/api/_types/:type/rules", web.Designers, a.rules, op("Who may see and do what").gives("rules")},
		{"PUT", "/api/_types/:type/rules", web.Designers, a.setRules, op("Replace who may see and do what").takes("rules").gives("rules")},

		{"GET", "/api/_views", web.SignedIn, a.views, op("Saved views of a type: one's own, and those that are shared").asks("type").gives("views")},

		{"GET", "/api/_accounts", web.Owners, a.listAccounts, op("All accounts").gives("accounts")},
		{"POST", "/api/_accounts", web.Owners, a.createAccount, op("Make an account").takes("newAccount").creates("account")},
		{"GET", "/api/_accounts/:id", web.Owners, a.account, op("One account").gives("account")},
		{"PATCH", "/api/_accounts/:id", web.Owners, a.updateAccount, op("Change role or password, disable or enable; ends its sessions and tokens").takes("accountChange").gives("account")},
		{"GET", "/api/_audit", web.Owners, a.audit, op("Who did what to accounts and tokens, newest first").asks("after", "limit").gives("audit")},
		{"GET", "/api/_backup", web.Owners, a.backup, op("A consistent copy of the store").text("application/octet-stream")},

		{"GET", "/api/_tokens", web.SignedIn, a.tokens, op("API and device tokens: one's own, or all as an owner").gives("tokens")},
		{"POST", "/api/_tokens", web.SignedIn, a.createToken, op("Make an API token").takes("newToken").creates("newTokenGiven")},
		{"DELETE", "/api/_tokens/:id", web.SignedIn, a.revokeToken, op("Revoke a token").nothing()},
		{"POST", "/api/_enrol", web.SignedIn, a.createCode, op("Make a one-time code that enrols a device").takes("newCode").creates("code")},

		{"GET", "/api/_devices", web.SignedIn, a.devices, op("Devices that sync, heard of last first: one's own, or all as a designer").gives("devices")},

		{"GET", "/api/:type", web.SignedIn, a.list, op("List documents").asks("where", "sort", "search", "after", "limit", "count", "state", "updatedAfter", "cursor").gives("page")},
		{"POST", "/api/:type", web.SignedIn, a.create, op("Create a document, or write many: {added, modified, removed}").takes("create").creates("document").or(200, "batchDone").or(204, "")},
		{"GET", "/api/:type/:id", web.SignedIn, a.get, op("One document").gives("document")},
		{"PATCH", "/api/:type/:id", web.SignedIn, a.patch, op("Change the fields that are given; null removes").takes("patch").gives("document").or(204, "")},
		{"PUT", "/api/:type/:id", web.SignedIn, a.replace, op("Make the whole value equal").takes("write").gives("document").or(204, "")},
		{"DELETE", "/api/:type/:id", web.SignedIn, a.remove, op("Put into the trash").nothing()},
		{"POST", "/api/:type/:id/restore", web.SignedIn, a.restore, op("Take out of the trash").takes("empty").gives("document").or(204, "")},
		{"GET", "/api/:type/:id/history", web.SignedIn, a.history, op("Who changed what, oldest first").asks("field", "after", "limit").gives("history")},
	}
}

// template is the path in the form of OpenAPI: /api/{type}/{id}.
func (e *endpoint) template() string {
	segments := strings.Split(e.path, "/")
	for i, s := range segments {
		if name, is := strings.CutPrefix(s, ":"); is {
			segments[i] = "{" + name + "}"
		}
	}
	return strings.Join(segments, "/")
}
