// PersistentMap: a sorted map whose copies cost one pointer and whose insertion costs O(log n) and leaves every copy as it was.
// So a Directory can be handed to another thread while its owner goes on adding. An AVL tree with shared, immutable nodes.
// Values should be small or shared pointers: an insertion copies the nodes on its way. For crypto/ only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace crypto::internal {

template <class K, class V>
class PersistentMap {
 public:
  template <class Q>
  [[nodiscard]] const V* find(const Q& key) const {  // valid while any map that holds this entry lives
    const Node* n = root_.get();
    while (n) {
      if (key < n->key) {
        n = n->left.get();
      } else if (n->key < key) {
        n = n->right.get();
      } else {
        return &n->value;
      }
    }
    return nullptr;
  }
  void set(const K& key, V value) { root_ = insert(root_, key, std::move(value)); }
  [[nodiscard]] bool contains(const K& key) const { return find(key) != nullptr; }
  [[nodiscard]] const std::pair<const K*, const V*> last() const {
    const Node* n = root_.get();
    while (n && n->right) n = n->right.get();
    return n ? std::pair(&n->key, &n->value) : std::pair<const K*, const V*>(nullptr, nullptr);
  }
  template <class F>
  void each(const F& f) const {  // in order: f(key, value)
    walk(root_.get(), f);
  }

 private:
  struct Node;
  using Ptr = std::shared_ptr<const Node>;
  struct Node {
    K key;
    V value;
    Ptr left, right;
    int height;
  };

  static int height(const Ptr& p) { return p ? p->height : 0; }
  static Ptr make(const K& key, V value, Ptr l, Ptr r) {
    int h = 1 + std::max(height(l), height(r));
    return std::make_shared<const Node>(Node{key, std::move(value), std::move(l), std::move(r), h});
  }
  // A node over two balanced trees whose heights differ by at most 2.
  static Ptr balance(const K& key, V value, Ptr l, Ptr r) {
    if (height(l) > height(r) + 1) {
      if (height(l->left) >= height(l->right)) return make(l->key, l->value, l->left, make(key, std::move(value), l->right, std::move(r)));
      const Ptr m = l->right;
      return make(m->key, m->value, make(l->key, l->value, l->left, m->left), make(key, std::move(value), m->right, std::move(r)));
    }
    if (height(r) > height(l) + 1) {
      if (height(r->right) >= height(r->left)) return make(r->key, r->value, make(key, std::move(value), std::move(l), r->left), r->right);
      const Ptr m = r->left;
      return make(m->key, m->value, make(key, std::move(value), std::move(l), m->left), make(r->key, r->value, m->right, r->right));
    }
    return make(key, std::move(value), std::move(l), std::move(r));
  }
  static Ptr insert(const Ptr& n, const K& key, V value) {
    if (!n) return make(key, std::move(value), nullptr, nullptr);
    if (key < n->key) return balance(n->key, n->value, insert(n->left, key, std::move(value)), n->right);
    if (n->key < key) return balance(n->key, n->value, n->left, insert(n->right, key, std::move(value)));
    return make(key, std::move(value), n->left, n->right);
  }
  template <class F>
  static void walk(const Node* n, const F& f) {
    if (!n) return;
    walk(n->left.get(), f);
    f(n->key, n->value);
    walk(n->right.get(), f);
  }

  Ptr root_;
};

}  // namespace crypto::internal
