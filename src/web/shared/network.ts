import { ref } from 'vue'

const online = ref(navigator.onLine)
addEventListener('online', () => {
  online.value = true
})
addEventListener('offline', () => {
  online.value = false
})

/** Does the device think that it has a network? Without one nothing needs to be tried. */
export const isOnline = () => online.value
