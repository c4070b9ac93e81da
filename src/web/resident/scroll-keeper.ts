import { nextTick, onBeforeUnmount, onMounted, type Ref, ref } from 'vue'

const NEAR_END = 96
const ABOVE_ANCHOR = 12

/**
 * Keeps the end of a scrolling box in view while the person is there, and leaves the position alone while they read further up.
 * What answers the person (`anchor`: their last words) never scrolls past its own beginning: an alarm is read before its card.
 * `hasNews` says that something came in out of sight. Before `hasBegun` the top stays in view: it says what this page is for.
 */
export function keepScroll(
  box: Ref<HTMLElement | undefined>,
  content: Ref<HTMLElement | undefined>,
  hasBegun: () => boolean,
  anchor: () => HTMLElement | null,
) {
  const hasNews = ref(false)
  let isAtEnd = hasBegun()
  let observer: ResizeObserver | undefined

  const toEnd = (behavior: ScrollBehavior = 'auto') => {
    const element = box.value
    if (!element) return
    element.scrollTo({ top: element.scrollHeight, behavior })
    isAtEnd = true
    hasNews.value = false
  }
  const follow = () => {
    const element = box.value
    if (!element) return
    const end = element.scrollHeight - element.clientHeight
    const start = anchor()
    const top = start ? start.getBoundingClientRect().top - element.getBoundingClientRect().top : end
    element.scrollTop = Math.min(end, element.scrollTop + top - ABOVE_ANCHOR)
    onScroll()
    if (!isAtEnd) hasNews.value = true
  }
  const onScroll = () => {
    const element = box.value!
    isAtEnd = hasBegun() && element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END
    if (isAtEnd) hasNews.value = false
  }
  /** Something came in: follow it, or say that it is there. */
  const onNews = async () => {
    const wasAtEnd = isAtEnd
    await nextTick()
    if (wasAtEnd) follow()
    else if (hasBegun()) hasNews.value = true
  }

  onMounted(() => {
    box.value!.addEventListener('scroll', onScroll, { passive: true })
    if (typeof ResizeObserver !== 'undefined') {
      // The box shrinks when the keyboard opens; the content grows when a message or a picture comes.
      observer = new ResizeObserver(() => {
        if (isAtEnd) follow()
      })
      observer.observe(box.value!)
      observer.observe(content.value!)
    }
    if (hasBegun()) toEnd()
  })
  onBeforeUnmount(() => observer?.disconnect())

  return { hasNews, toEnd, onNews }
}
