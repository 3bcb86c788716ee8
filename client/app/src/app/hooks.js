// The device's moving parts as values of components.

import { useContext, useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { createContext } from 'preact'
import { language, onLanguage } from '../words/words.js'
import { onServerName, serverName } from './server.js'

/** @typedef {import('./types.js').Database} Database */

export const DatabaseContext = createContext(/** @type {Database | null} */ (null))

/** The open database. */
export const useDatabase = () => /** @type {Database} */ (useContext(DatabaseContext))

/** How the device stands: offline, syncing, what waits. */
export function useStatus () {
  const db = useDatabase()
  const [status, set] = useState(db.status)
  useEffect(() => {
    set(db.status)
    return db.onStatus(() => set(db.status))
  }, [db])
  return status
}

/** The types that the device knows, by title. */
export function useTypes () {
  const db = useDatabase()
  const [, again] = useReducer((n) => n + 1, 0)
  useEffect(() => db.onTypes(() => again(0)), [db])
  return [...db.types].sort((a, b) => titleOf(a).localeCompare(titleOf(b), language()))
}

/** @param {import('./types.js').Type} type */
export const titleOf = (type) => type.title || type.schema?.title || type.name

/** Draws anew when the language changes. */
export function useLanguage () {
  const [code, set] = useState(language())
  useEffect(() => onLanguage(() => set(language())), [])
  return code
}

/** What the server is called. */
export function useServerName () {
  const [, again] = useReducer((n) => n + 1, 0)
  useEffect(() => onServerName(() => again(0)), [])
  return serverName()
}

/**
 * The value of a live query. While another one for the same `key` begins (the next page
 * of a list, another sort) the value is what it last was, so that nothing flickers.
 * @template T
 * @param {string} key what the value is of
 * @param {() => import('./types.js').Live<T>} make
 * @param {unknown[]} dependencies
 * @returns {T | undefined}
 */
export function useLive (key, make, dependencies) {
  const kept = useRef(/** @type {{key: string, value: T | undefined}} */ ({ key, value: undefined }))
  const [, again] = useReducer((n) => n + 1, 0)
  if (kept.current.key !== key) kept.current = { key, value: undefined }
  useEffect(() => {
    const live = make()
    const take = () => {
      if (live.value === undefined) return
      kept.current = { key, value: live.value }
      again(0)
    }
    const off = live.subscribe(take)
    take()
    return () => {
      off()
      live.close()
    }
  }, [key, ...dependencies])
  return kept.current.value
}

/**
 * What a promise gives, asked for again when a dependency changes; what it last gave
 * until then.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {unknown[]} dependencies
 * @returns {T | undefined}
 */
export function useAnswer (ask, dependencies) {
  const [answer, set] = useState(/** @type {{is: T} | undefined} */ (undefined))
  useEffect(() => {
    let here = true
    ask().then((is) => here && set({ is }), () => {})
    return () => { here = false }
  }, dependencies)
  return answer?.is
}

/**
 * A value that follows another once that has been still for some milliseconds.
 * @template T
 * @param {T} value
 * @param {number} ms
 */
export function useStill (value, ms) {
  const [still, set] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => set(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return still
}
