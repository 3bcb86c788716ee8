# fieldstack: what there is to do. `make` alone lists it.
#
# Go alone builds and runs the server; Node and Chromium are only for the browser
# tests, and `make test` installs what it needs of them.

GO      ?= go
TOOL    := $(GO) tool -modfile=tools/go.mod
LISTEN  ?= 127.0.0.1:8090
FUZZTIME ?= 20s
PKG     ?= ./...

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: ## the server with sample data, at $(LISTEN)
	$(GO) run ./cmd/fieldstack serve --demo --listen $(LISTEN)

.PHONY: dev
dev: ## the same, restarted and regenerated when a template changes
	$(TOOL) templ generate -path templates --watch --cmd="$(GO) run ../cmd/fieldstack serve --demo --listen $(LISTEN)"

.PHONY: generate
generate: ## regenerate what is committed: Go from templates
	$(TOOL) templ generate -log-level error -path templates
	gofmt -w templates

.PHONY: bundle
bundle: ## rebuild what is committed of the field app and the SDK, client/app/dist (needs Node)
	cd client/app && npm ci --no-audit --no-fund --loglevel=error && node build.mjs

.PHONY: check
check: generated fmt vet lint ## the quick part, for every commit: no browser, no race detector
	$(GO) test -short $(PKG)

.PHONY: test
test: needs generated fmt vet lint test-go test-nested test-js test-browser ## everything that must pass, in under 20 minutes on 2 cores

.PHONY: needs
needs: ## install the Debian packages that the tests need, where they are missing
	@scripts/needs

.PHONY: generated
generated: ## fails when a generated file is not what its source gives
	@scripts/generated

.PHONY: fmt
fmt: ## fails when gofmt would change a file
	@files=$$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l); \
	if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi

.PHONY: vet
vet: ## go vet
	$(GO) vet ./...

.PHONY: lint
lint: ## staticcheck, with the checks of staticcheck.conf
	$(TOOL) staticcheck ./...

.PHONY: test-go
test-go: ## all Go tests with the race detector; a package that hangs shows its stacks after 8 minutes
	$(GO) test -race -timeout 8m $(PKG)

.PHONY: test-nested
test-nested: ## the nested modules build
	cd bench/pocketbase && $(GO) vet ./...
	cd internal/mongo/ferretdb && $(GO) vet ./...

.PHONY: test-mongo
test-mongo: ## the store on MongoDB, part of test-go: against FerretDB, and the server that FIELDSTACK_TEST_MONGODB names
	$(GO) test -race -timeout 8m ./internal/mongo/...

.PHONY: test-js
test-js: ## the SDK and the field app: types, tests, and that what is bundled is current
	@scripts/test-js

.PHONY: test-browser
test-browser: ## the admin pages in headless Chromium
	@scripts/test-browser

.PHONY: soak
soak: ## the long forms of the tests that have a short one: kill loop, random worlds
	FIELDSTACK_SOAK=1 $(GO) test -timeout 4h -count=1 ./crdt/... ./collections/... ./internal/... ./client/... ./cmd/...

.PHONY: soak-crdt
soak-crdt: ## a million simulated worlds of the merge, with progress
	FIELDSTACK_SOAK=1 $(GO) test -timeout 24h -count=1 -v -run '^TestSoak_' ./crdt -worlds 1000000

.PHONY: mutants
mutants: ## plant bugs in the merge, one at a time, and see that the tests find each
	$(GO) run ./crdt/crdttest/mutate

.PHONY: fuzz
fuzz: ## every fuzzer for $(FUZZTIME) each
	@GO=$(GO) scripts/fuzz $(FUZZTIME)

.PHONY: bench
bench: bench-http bench-docs-short bench-text-short bench-client-short bench-scale-short ## the short form of every benchmark

.PHONY: bench-http
bench-http: ## creates, sync, list and delta pull over HTTP, PocketBase beside it in the same run
	$(GO) run ./bench http

.PHONY: bench-docs
bench-docs: ## bytes a document takes on disk, of a million work orders, PocketBase beside it
	$(GO) run ./bench docs -n 1000000

.PHONY: bench-docs-short
bench-docs-short:
	$(GO) run ./bench docs

.PHONY: bench-text
bench-text: ## recorded editing sessions replayed, Yjs, Loro, Automerge and diamond-types beside it (needs Node)
	$(GO) run ./bench text

.PHONY: bench-text-short
bench-text-short:
	$(GO) run ./bench text -trace friendsforever

.PHONY: bench-client
bench-client: needs ## databases in the browser, up to 100,000 documents: SignalDB, RxDB, PouchDB and Yjs beside ours (Chromium)
	$(GO) run ./bench client

.PHONY: bench-client-short
bench-client-short: needs
	$(GO) run ./bench client -sizes 1000,10000

.PHONY: bench-scale
bench-scale: ## a million work orders, ten thousand live readers, a morning after; writes bench/RESULTS.md (an hour)
	$(GO) run ./bench scale

.PHONY: bench-scale-short
bench-scale-short:
	$(GO) run ./bench scale -short
