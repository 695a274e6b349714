// Row numbers that many questions have in common: a class has thousands of
// pictures, and thousands of questions ask for them.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <vector>

namespace igrot {

/// A list of rows that never changes; copies share it.
class SharedRows {
 public:
  using value_type = std::size_t;
  using const_iterator = std::vector<std::size_t>::const_iterator;
  using iterator = const_iterator;

  SharedRows() : SharedRows(std::vector<std::size_t>()) {}
  SharedRows(std::initializer_list<std::size_t> rows)
      : SharedRows(std::vector<std::size_t>(rows)) {}
  // Implicit: a list of rows is one, shared by nobody yet.
  SharedRows(std::vector<std::size_t> rows)
      : rows_(
            std::make_shared<const std::vector<std::size_t>>(std::move(rows))) {
  }

  const std::vector<std::size_t>& list() const { return *rows_; }
  const_iterator begin() const { return rows_->begin(); }
  const_iterator end() const { return rows_->end(); }
  std::size_t size() const { return rows_->size(); }
  bool empty() const { return rows_->empty(); }

 private:
  std::shared_ptr<const std::vector<std::size_t>> rows_;  // never null
};

}  // namespace igrot
